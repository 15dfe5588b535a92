/// Returns the places of names in the order in which a Java `HashMap` that they were put into gives them back.
///
/// AWS's rows come in this order, not in the columns': `0,True,{}` is recorded as `{"0":…,"{}":…,"True":…}`
/// (test_map_item_reader_csv_headers_first_row_typed_headers). Whoever compares outputs as text sees it.
func hashMapOrder(of names: [String]) -> [Int] {
    var buckets = 16
    // It doubles once it is more than three quarters full.
    while names.count * 4 > buckets * 3 { buckets *= 2 }
    let places = names.map { name in
        let hash = name.utf16.reduce(UInt32(0)) { $0 &* 31 &+ UInt32($1) }
        return Int((hash ^ hash >> 16) & UInt32(buckets - 1))
    }
    // Within a bucket, entries keep the order in which they came.
    return names.indices.sorted { (places[$0], $0) < (places[$1], $1) }
}
