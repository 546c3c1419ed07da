// The first snippet of README.md, as it stands there: tests/tools/build-bindings.sh lays it beside this file as FirstDay.swift.

import Foundation
import Rafiq
import Testing

@Suite struct ReadmeTests {
    @Test func theFirstDayIsKept() async throws {
        let folder = try folder()
        let (shown, showing) = AsyncStream.makeStream(of: [CheckIn].self)
        let day = Task {
            defer { showing.finish() }
            try await firstDay(folder: folder, vault: MaskVault()) { showing.yield($0) }
        }
        var eyes = shown.makeAsyncIterator()
        let seen = try #require(await eyes.next())
        day.cancel()  // it watches for as long as somebody looks
        try await day.value
        #expect(seen.map(\.feeling) == [.good] && seen.first?.name == "آمنه" && seen.first?.isMine == true)

        let rafiq = try await Rafiq(folder: folder, vault: MaskVault())
        #expect(try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 20).items == seen)
        try await rafiq.close()
    }
}
