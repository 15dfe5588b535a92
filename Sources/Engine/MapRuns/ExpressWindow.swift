import ResultWriting
import Store

/// Children in memory that have begun, in the order of their items, as far as one in front of them has no kept result.
///
/// They stand in slices, each of children that run together. Results are kept in any order; reading goes on, after a death,
/// behind the last child in front of which all are kept.
struct ExpressWindow {
    /// What there is to be exported of kept results.
    enum Export: Sendable {
        case texts(ResultTexts)
        /// The results that these children have in the database.
        case kept(Range<Int>)

        var byteCount: Int {
            switch self {
            case .texts(let texts): texts.byteCount
            case .kept: 0
            }
        }
    }

    /// Consecutive slices whose results are kept together.
    struct Keep {
        var first: Int
        var results: [ExpressResults]
    }

    /// How far a run is.
    struct Place {
        var children: Int
        var items: Int
        /// Where reading goes on.
        var cursor: String
    }

    private enum Stage {
        case running, ready, beingKept, kept
    }

    private struct Slice {
        var children: Range<Int>
        /// How far the run is behind them.
        var place: Place
        /// How many items they were given.
        var items: Int
        var stage: Stage
        /// What is held of it: of inputs before they have run, of results behind that.
        var bytes: Int
        var results: ExpressResults?
        var exports: [Export] = []
    }

    private var slices: [Slice] = []
    /// How many slices at the front do not run, and how many children are ready in those.
    private var front = 0
    private(set) var readyAtFront = 0
    /// How many children have run whose results are not being kept.
    private(set) var ready = 0
    /// Those that have begun and are not kept.
    private(set) var waiting = ChildrenInMemory()
    /// Those of them whose results are being kept.
    private(set) var beingKept = ChildrenInMemory()
    /// How many bytes of inputs and results are held.
    private(set) var held = 0

    var isEmpty: Bool { slices.isEmpty }

    /// Takes children that begin.
    ///
    /// - Parameters:
    ///   - children: They.
    ///   - items: How many items they are given.
    ///   - bytes: How many bytes their inputs have.
    ///   - place: How far the run is behind them.
    mutating func begin(_ children: Range<Int>, items: Int, bytes: Int, behind place: Place) {
        slices.append(Slice(children: children, place: place, items: items, stage: .running, bytes: bytes))
        waiting.children += children.count
        waiting.items += items
        held += bytes
    }

    /// Takes children whose results were kept before this process saw to the run.
    mutating func take(_ children: Range<Int>, behind place: Place, isExported: Bool) {
        var slice = Slice(children: children, place: place, items: 0, stage: .kept, bytes: 0)
        if isExported { slice.exports = [.kept(children)] }
        slices.append(slice)
    }

    /// Takes what came of the children that began with one.
    mutating func end(_ first: Int, with results: ExpressResults) {
        let place = place(of: first)
        slices[place].results = results
        slices[place].stage = .ready
        held -= slices[place].bytes
        slices[place].bytes = results.kept.count + (results.texts?.byteCount ?? 0)
        held += slices[place].bytes
        ready += slices[place].children.count
        measureFront()
    }

    private mutating func measureFront() {
        while front < slices.count, slices[front].stage != .running {
            if slices[front].stage == .ready { readyAtFront += slices[front].children.count }
            front += 1
        }
    }

    /// Where the slice is that begins with a child.
    private func place(of first: Int) -> Int {
        var range = 0..<slices.count
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range =
                slices[middle].children.lowerBound <= first
                ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    /// Gives results to be kept, in order, from the first on: those of so many children and so many bytes, but for the last
    /// slice; where they are not wanted otherwise, only of those in front of the first that runs.
    ///
    /// - Returns: Them, and how far the run is as soon as they are kept; `nil` where that is where it was.
    mutating func take(ofAll: Bool, children most: Int, bytes: Int) -> (keeps: [Keep], place: Place?) {
        var keeps: [Keep] = []
        var number = 0
        var taken = 0
        var end: Int?
        for index in ofAll ? slices.indices : 0..<front {
            guard slices[index].stage == .ready, let results = slices[index].results else { continue }
            if number >= most || taken >= bytes { break }
            slices[index].stage = .beingKept
            number += slices[index].children.count
            taken += results.kept.count
            if end == slices[index].children.lowerBound {
                keeps[keeps.count - 1].results.append(results)
            } else {
                keeps.append(Keep(first: slices[index].children.lowerBound, results: [results]))
            }
            end = slices[index].children.upperBound
            beingKept.children += slices[index].children.count
            beingKept.items += slices[index].items
        }
        ready -= number
        measureAgain()
        let kept = slices.prefix { $0.stage == .beingKept || $0.stage == .kept }
        return (keeps, kept.last?.place)
    }

    private mutating func measureAgain() {
        front = 0
        readyAtFront = 0
        measureFront()
    }

    /// Notes that what was taken is kept.
    ///
    /// - Parameter room: For how many bytes of results there is room that cannot be exported yet; others are read again.
    /// - Returns: What is to be exported: in order, so nothing of children behind one that is not kept.
    mutating func keep(room: Int) -> [Export] {
        waiting.children -= beingKept.children
        waiting.items -= beingKept.items
        beingKept = ChildrenInMemory()
        var exports: [Export] = []
        var rest: [Slice] = []
        for var slice in slices {
            if slice.stage == .beingKept {
                slice.stage = .kept
                held -= slice.bytes
                slice.bytes = 0
                if let texts = slice.results?.texts {
                    if rest.isEmpty {
                        slice.exports = [.texts(texts)]
                    } else if held < room {
                        slice.exports = [.texts(texts)]
                        slice.bytes = texts.byteCount
                        held += slice.bytes
                    } else {
                        slice.exports = [.kept(slice.children)]
                    }
                }
                slice.results = nil
            }
            if slice.stage == .kept, rest.isEmpty {
                held -= slice.bytes
                for export in slice.exports { exports.add(export) }
            } else if slice.stage == .kept, let last = rest.indices.last, rest[last].stage == .kept {
                rest[last].children = rest[last].children.lowerBound..<slice.children.upperBound
                rest[last].place = slice.place
                rest[last].bytes += slice.bytes
                for export in slice.exports { rest[last].exports.add(export) }
            } else {
                rest.append(slice)
            }
        }
        slices = rest
        measureAgain()
        return exports
    }
}

extension [ExpressWindow.Export] {
    fileprivate mutating func add(_ export: ExpressWindow.Export) {
        if case .kept(let range) = export, case .kept(let before)? = last, before.upperBound == range.lowerBound {
            self[count - 1] = .kept(before.lowerBound..<range.upperBound)
        } else {
            append(export)
        }
    }
}
