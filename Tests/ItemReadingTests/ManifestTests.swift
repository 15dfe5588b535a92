import ItemReading
import JSON
import Testing

@Suite("A manifest")
struct ManifestTests {
    /// After "Amazon S3 Inventory, Inventory manifest".
    static let inventory = """
        {"sourceBucket": "example-source-bucket", "destinationBucket": "arn:aws:s3:::inventory", "version": "2016-11-30",
         "creationTimestamp": "1514944800000", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size, LastModifiedDate",
         "files": [{"key": "Inventory/data/a.csv.gz", "size": 2147483647, "MD5checksum": "f11166069f1990abeb9c97ace9cdfabc"}]}
        """

    @Test("of an S3 inventory names its files, and their columns")
    func inventory() throws {
        let manifest = try InventoryManifest(parsing: Array(Self.inventory.utf8), bucket: "other")
        #expect(manifest.columns == ["Bucket", "Key", "Size", "LastModifiedDate"])
        #expect(manifest.files == [ObjectLocation(bucket: "inventory", key: "Inventory/data/a.csv.gz")])
        let rows = try items(FileItems(manifest.format), from: "\"b\",\"k.png\",\"12\",\"2024-01-01T00:00:00.000Z\"\n")
        #expect(rows.first?.value.value["Key"]?.string == "k.png")
    }

    @Test(
        "of an S3 inventory that is none is refused",
        arguments: [
            ("[]", "The manifest cannot be read: it is no JSON object."),
            ("{}", "The manifest cannot be read: it has no 'fileFormat'."),
            (#"{"fileFormat":"ORC"}"#, "The manifest cannot be read: its 'fileFormat' is 'ORC', not CSV."),
            (#"{"fileFormat":"Parquet"}"#, "Parquet is not supported"),
            (
                #"{"fileFormat":"CSV","fileSchema":"Key","files":[{"size":1}]}"#,
                "The manifest cannot be read: file 0 has no 'key'."
            ),
        ]
    )
    func noInventory(text: String, description: String) {
        let error = #expect(throws: ItemReadingError.self) {
            try InventoryManifest(parsing: Array(text.utf8), bucket: "b")
        }
        #expect(error?.description == description)
    }

    @Test("of Athena is a list of objects")
    func athena() throws {
        let manifest = try AthenaManifest(parsing: Array("s3://b/x/1.csv\n\"s3://b/x/2,3.csv\"\n".utf8))
        #expect(manifest.files.map(\.description) == ["s3://b/x/1.csv", "s3://b/x/2,3.csv"])
        let error = #expect(throws: ItemReadingError.self) {
            try AthenaManifest(parsing: Array("s3://b/x/1.csv\nhttp://b/x\n".utf8))
        }
        #expect(
            error?.description
                == "The manifest cannot be read: line 2 is not the URI of an object (s3://bucket/key)."
        )
    }

    @Test("of a listing makes items of what S3 says of an object")
    func listing() {
        let object = ObjectMetadata(etag: "\"d8e8\"", key: "a/b.txt", lastModified: 1_668_699_881, size: 3)
        #expect(
            object.item.text
                == #"{"Etag":"\"d8e8\"","Key":"a/b.txt","LastModified":1668699881,"Size":3,"StorageClass":"STANDARD"}"#
        )
        #expect(ObjectMetadata(etag: "", key: "a/", lastModified: 0, size: 0).isFolderMarker)
        #expect(!object.isFolderMarker)
    }
}
