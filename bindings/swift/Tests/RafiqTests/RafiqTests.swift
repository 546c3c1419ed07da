// The Swift wrapper against the real library.

import Foundation
import Testing
@testable import Rafiq

/// A platform key of one byte: enough to tell one platform from another.
final class MaskVault: KeyVault, @unchecked Sendable {  // set before it is used
    private var key: UInt8?
    init(_ key: UInt8? = 7) { self.key = key }
    func wrap(secret: Data) throws -> Data {
        guard let key else { throw HostError.KeyGone }
        return Data(secret.map { $0 ^ key })
    }
    func unwrap(wrapped: Data) throws -> Data { try wrap(secret: wrapped) }
    func delete() throws { key = nil }
}

final class Pieces: ByteSource, @unchecked Sendable {  // read by one call
    private var rest: Data
    private let failure: (any Error)?
    init(_ content: Data, failure: (any Error)? = nil) { (rest, self.failure) = (content, failure) }
    func read(max: Int32) throws -> Data {
        if let failure { throw failure }
        let piece = rest.prefix(Int(max))
        rest = rest.dropFirst(piece.count)
        return Data(piece)
    }
}

struct Odd: Error { let secret = "a stack trace nobody should see" }

func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

func profile(_ folder: URL, vault: any KeyVault = MaskVault(), clock: (any HostClock)? = nil, random: (any HostRandom)? = nil)
    async throws -> Rafiq
{
    let rafiq = try await Rafiq(folder: folder, vault: vault, clock: clock, random: random)
    _ = try await rafiq.people.setMe(NewMe(name: "آمنه", language: "prs"))
    return rafiq
}

func checkIn(_ note: String = "") -> NewCheckIn {
    NewCheckIn(feeling: .good, helps: [.practical], contact: .no, share: .private, note: note)
}

extension Rafiq {
    nonisolated func notes() async throws -> [String] {
        try await checkIns.list(filter: CheckInFilter(), limit: 100).items.map(\.note)
    }
}

let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../../tests/samples/directory/services.json").standardized

@Suite(.serialized) struct RafiqTests {
    @Test func whatIsWrittenIsThereAgainAndEncrypted() async throws {
        let folder = try folder()
        let rafiq = try await profile(folder)
        let kept = try await rafiq.checkIns.record(checkIn("سلام 😀"))
        #expect(kept.name == "آمنه" && kept.helps == [.practical] && kept.isMine)
        try await rafiq.close()
        let again = try await Rafiq(folder: folder, vault: MaskVault())
        #expect(try await again.checkIns.list(filter: CheckInFilter(), limit: 100).items == [kept])
        try await again.close()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data("سلام".utf8)) == nil)
        }
    }

    @Test func listsComeInPages() async throws {
        let rafiq = try await profile(try folder())
        for number in 0..<5 { _ = try await rafiq.checkIns.record(checkIn("\(number)")) }
        let page = try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 3)
        let rest = try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 3, before: page.next)
        #expect(page.items.count == 3 && rest.items.count == 2 && rest.next == nil)
        await #expect(throws: RafiqError.Invalid(field: "limit", reason: "range")) {
            _ = try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 0)
        }
    }

    @Test func changesAreMergedHoweverSlowTheReader() async throws {
        let rafiq = try await profile(try folder())
        var changes = try rafiq.changes().makeAsyncIterator()
        var kept: [String] = []
        for number in 0..<3 { kept.append("check-in/" + (try await rafiq.checkIns.record(checkIn("\(number)"))).id.value) }
        let heard = await changes.next()
        #expect(heard?.map(\.noun) == ["check_ins"] && Set(heard?.first?.keys ?? []) == Set(kept))
        for number in 0..<101 { _ = try await rafiq.checkIns.record(checkIn("\(number)")) }
        #expect(await changes.next() == [Changed(noun: "check_ins", keys: [])], "too many to name")
    }

    @Test func aCancelledReaderEnds() async throws {
        let rafiq = try await profile(try folder())
        let changes = try rafiq.changes()
        let reader = Task {
            var count = 0; for await _ in changes { count += 1 }; return count
        }
        try await Task.sleep(for: .milliseconds(50))
        reader.cancel()
        #expect(await reader.value == 0)
        _ = try await rafiq.checkIns.record(checkIn("after"))
    }

    @Test func watchAsksAgainAfterEveryChange() async throws {
        let rafiq = try await profile(try folder())
        var watched = rafiq.watch { try await $0.notes() }.makeAsyncIterator()
        #expect(try await watched.next() == [])
        _ = try await rafiq.people.setMe(NewMe(name: "Amina", language: "en"))
        _ = try await rafiq.checkIns.record(checkIn("one"))
        #expect(try await watched.next() == ["one"])
    }

    @Test func aPanicIsAnErrorAndTheObjectStillWorks() async throws {
        let rafiq = try await profile(try folder())
        _ = try await rafiq.checkIns.record(checkIn("before"))
        for _ in 0..<2 {
            await #expect(throws: RafiqError.Bug(place: "panic_for_tests")) { try await rafiq.panicForTests() }
        }
        _ = try await rafiq.checkIns.record(checkIn("after"))
        #expect(try await rafiq.notes().sorted() == ["after", "before"])
    }

    @Test func closedSuspendedAndInUse() async throws {
        let folder = try folder()
        let rafiq = try await profile(folder)
        await #expect(throws: RafiqError.InUse) { _ = try await profile(folder) }
        try await rafiq.suspend()
        await #expect(throws: RafiqError.Closed) { _ = try await rafiq.notes() }
        try await rafiq.resume()
        #expect(try await rafiq.notes() == [])
        try await rafiq.close()
        try await rafiq.close()
        await #expect(throws: RafiqError.Closed) { _ = try await rafiq.notes() }
        await #expect(throws: RafiqError.Closed) { try await rafiq.resume() }
        await #expect(throws: RafiqError.Closed) {
            for try await _ in rafiq.watch({ try await $0.notes() }) {}
        }
        try await profile(folder).close()
    }

    @Test func anObjectThatNobodyHoldsIsFreed() async throws {
        let folder = try folder()
        do { _ = try await profile(folder).notes() }
        // The thread of the call puts it down a moment after its answer.
        var again: Rafiq?
        for _ in 0..<100 where again == nil {
            do {
                again = try await profile(folder)
            } catch RafiqError.InUse {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        try await #require(again).close()
    }

    @Test func wrongPassphraseIsSaidInDariAndWrongKeysAreToldApart() async throws {
        let locked = try folder()
        try await Rafiq(folder: locked, vault: MaskVault(), passphrase: "correct horse battery staple").close()
        #expect(try await Rafiq.inspect(folder: locked, vault: MaskVault()) == .needsPassphrase)
        await #expect(throws: RafiqError.Locked) { _ = try await Rafiq(folder: locked, vault: MaskVault()) }
        await #expect(throws: RafiqError.WrongPassphrase) {
            _ = try await Rafiq(folder: locked, vault: MaskVault(), passphrase: "correct horse battery stable")
        }
        let said = try Language("prs").errorText(.WrongPassphrase)
        #expect(said.text == "رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.")
        #expect(said.language == "prs" && !said.fallback)
        let (plain, other) = (try folder(), try folder())
        try await profile(plain).close()
        try await profile(other).close()
        for key in [UInt8(8), nil] {
            await #expect(throws: RafiqError.KeyLost) { _ = try await Rafiq(folder: plain, vault: MaskVault(key)) }
        }
        for file in try FileManager.default.contentsOfDirectory(at: other, includingPropertiesForKeys: nil)
        where try Data(contentsOf: file).starts(with: Data("RAFIQKEY".utf8)) {
            try Data(contentsOf: file).write(to: plain.appendingPathComponent(file.lastPathComponent))
        }
        await #expect(throws: RafiqError.WrongKey) { _ = try await Rafiq(folder: plain, vault: MaskVault()) }
    }

    @Test func everyErrorHasASentence() throws {
        let all: [RafiqError] = [
            .NotFound, .Invalid(field: "name", reason: "empty"), .NoConsent(purpose: "x"), .NotAllowed(role: "reader"), .Locked,
            .WrongPassphrase, .TryLater(seconds: 60), .WrongKey, .KeyLost, .Corrupt, .NewerVersion, .InUse, .StorageFull,
            .Storage(code: 1), .Closed, .Cancelled, .Host(reason: "x"), .Bug(place: "x"),
        ]
        for info in try Language.available() {
            for error in all { #expect(!(try Language(info.tag).errorText(error).text.isEmpty)) }
        }
    }

    @Test func aDirectoryFromBytesAndASourceThatThrows() async throws {
        let rafiq = try await profile(try folder())
        let space = try await rafiq.directory.found(name: "Sample", services: 30).space
        for failure in [HostError.Failed(reason: "no card"), Odd()] as [any Error] {
            let source = Pieces(Data(), failure: failure)
            let report = try await rafiq.directory.importSource(space: space, name: "card", source: source)
            #expect(report.errors.map(\.problem) == ["unreadable"] && report.errors.map(\.file) == ["card"])
            #expect(!"\(report)".contains("stack trace"))
        }
        final class Stops: ProgressListener { func report(done: Int64, total: Int64) throws -> Bool { false } }
        await #expect(throws: RafiqError.Cancelled) {
            _ = try await rafiq.directory.importPath(space: space, path: sample.path, progress: Stops())
        }
        let source = Pieces(try Data(contentsOf: sample))
        let report = try await rafiq.directory.importSource(space: space, name: "services.json", source: source)
        #expect(report.errors.isEmpty && report.services >= 20)
        #expect(try await rafiq.directory.importPath(space: space, path: sample.path).changed == 0)
        let hit = try #require(try await rafiq.directory.browse(space: space, limit: 100).items.first)
        #expect(try await rafiq.directory.service(space: space, id: hit.id, language: "uk").id == hit.id)
    }

    @Test func aBundleIsWrittenCarriedAndReadAgain() async throws {
        final class Sink: ByteSink, @unchecked Sendable {  // written by one call
            var written = Data()
            let room: Int
            init(room: Int = .max) { self.room = room }
            func write(bytes: Data) throws {
                if written.count + bytes.count > room { throw Odd() }
                written += bytes
            }
        }
        let folder = try folder()
        let (card, onward) = (folder.appendingPathComponent("card"), folder.appendingPathComponent("onward"))
        let writer = try await profile(folder.appendingPathComponent("writer"))
        let space = try await writer.directory.found(name: "Port Alder", services: 20).space
        _ = try await writer.directory.importPath(space: space, path: sample.path)
        let written = try await writer.sync.writeBundle(file: card, spaces: [space])
        let onCard = try Data(contentsOf: card)
        #expect(written.envelopes > 0 && written.bytes == Int64(onCard.count))
        let again = try await writer.sync.writeBundle(file: card)
        #expect(again == BundleWritten(envelopes: 0, there: written.envelopes, bytes: written.bytes))
        let sink = Sink()
        #expect(try await writer.sync.writeBundle(to: sink) == written)
        #expect(sink.written == onCard)

        let courier = try await profile(folder.appendingPathComponent("courier"))
        #expect(try await courier.sync.carried() == Carried(quotaBytes: 0, bytes: 0, envelopes: 0))
        #expect(try await courier.readBundle(file: card).left == written.envelopes)
        try await courier.sync.carry(quotaBytes: 1 << 20)
        let report = try await courier.readBundle(from: Pieces(sink.written))
        #expect(report.carried == written.envelopes && report.damaged.isEmpty)
        #expect(try await courier.sync.carried().envelopes == written.envelopes)
        #expect(try await courier.sync.writeBundle(file: onward, carried: true).envelopes == written.envelopes)

        let cut = try await writer.readBundle(from: Pieces(sink.written.dropLast())).damaged
        #expect(cut == [Damage(what: .cut, at: written.bytes - 1)])
        #expect(try cut[0].what.textId() == "bundle-damaged-cut")
        await #expect(throws: RafiqError.Host(reason: "sink")) { _ = try await writer.sync.writeBundle(to: Sink(room: 9)) }
        await #expect(throws: RafiqError.Invalid(field: "file", reason: "not-a-bundle")) {
            _ = try await writer.readBundle(from: Pieces(Data("a photograph".utf8)))
        }
        await #expect(throws: RafiqError.NotFound) {
            _ = try await writer.readBundle(file: folder.appendingPathComponent("nowhere"))
        }
    }

    @Test func aHostThatFails() async throws {
        final class NoVault: KeyVault {
            func wrap(secret: Data) throws -> Data { throw HostError.Failed(reason: "secure element busy") }
            func unwrap(wrapped: Data) throws -> Data { throw Odd() }
            func delete() throws {}
        }
        final class NoRandom: HostRandom { func bytes(count: Int32) throws -> Data { Data(count: 1) } }
        final class NoClock: HostClock { func nowMs() throws -> Int64 { throw Odd() } }
        let refused = try folder()
        await #expect(throws: RafiqError.Host(reason: "failed")) { _ = try await profile(refused, vault: NoVault()) }
        await #expect(throws: RafiqError.Host(reason: "failed")) { _ = try await profile(refused, random: NoRandom()) }
        let rafiq = try await profile(try folder(), clock: NoClock())
        #expect(try await rafiq.checkIns.record(checkIn()).atMs > 1_700_000_000_000)
    }

    @Test func noRelay() async throws {
        struct Lies: Carrier { func carry(_ exchange: Exchange) async throws -> Data { Data("no answer of a relay".utf8) } }
        let rafiq = try await profile(try folder())
        try await rafiq.sync.setHomeRelay(url: "http://127.0.0.1:9")
        _ = try await rafiq.mentoring.begin(NewPairing(model: "buddy", myRole: "buddy", title: "Two"))
        await #expect(throws: RafiqError.Host(reason: "no-connection")) { _ = try await rafiq.exchange() }
        await #expect(throws: RafiqError.self) { _ = try await rafiq.exchange(carrier: Lies()) }
        #expect(try await rafiq.mentoring.list().count == 1)
        // What waits here is known, and nothing of it has gone.
        let places = try await rafiq.sync.progress()
        #expect(places.count == 1 && places[0].relay == "http://127.0.0.1:9")
        let pairing = try await rafiq.mentoring.list()[0].id.value
        #expect(places[0].space == pairing)
        #expect(places[0].doneBytes == 0 && places[0].totalBytes > 500 && places[0].unmeteredBytes == 0)
    }

    @Test func aRecoveryKit() async throws {
        struct Lies: Carrier { func carry(_ exchange: Exchange) async throws -> Data { Data("no answer of a relay".utf8) } }
        let rafiq = try await profile(try folder())
        #expect(try await rafiq.recovery.kit() == nil)
        // There is no relay to keep anything for it.
        await #expect(throws: RafiqError.self) { _ = try await rafiq.recovery.makeKit() }
        try await rafiq.sync.setHomeRelay(url: "http://127.0.0.1:9")
        let made = try await rafiq.recovery.makeKit()
        let (words, relay) = (try made.words(), try made.relay())
        #expect(words.split(separator: " ").count == 12 && relay == "http://127.0.0.1:9")
        try await Recovery.check(words: words)
        await #expect(throws: RafiqError.self) { try await Recovery.check(words: "legal winner") }
        #expect(try await Recovery.wordsBeginning(letters: "aban") == ["abandon"])
        let kit = try await rafiq.recovery.kit()
        #expect(kit?.relay == "http://127.0.0.1:9" && kit?.ready == false)
        let new = try await Rafiq(folder: try folder(), vault: MaskVault())
        await #expect(throws: RafiqError.Host(reason: "no-connection")) {
            try await new.recover(words: words, relay: "http://127.0.0.1:9")
        }
        await #expect(throws: RafiqError.self) {
            try await new.recover(words: words, relay: "http://127.0.0.1:9", carrier: Lies())
        }
        #expect(try await new.recovery.isReading() == false)
        #expect(try await new.people.me() == nil)
    }

    @Test func aLineThatCosts() async throws {
        let rafiq = try await profile(try folder())
        let status = try await rafiq.sync.status()
        #expect(status.meteredLine == nil && status.unmeteredBytes == 0, "nobody was asked")
        for choice in [MeteredLine.use, .wait] {
            try await rafiq.sync.setMeteredLine(choice)
            #expect(try await rafiq.sync.meteredLine() == choice)
            #expect(try await rafiq.sync.status().meteredLine == choice)
        }
        try await rafiq.sync.setHomeRelay(url: "http://127.0.0.1:9")
        await #expect(throws: RafiqError.Host(reason: "no-connection")) {
            _ = try await rafiq.exchange(budget: Budget(bytes: 128 * 1024, metered: true))
        }
    }

    @Test func severalProfiles() async throws {
        let root = try folder().appendingPathComponent("device")
        #expect(try await Rafiq.profiles(root: root).isEmpty)
        var places: [StoredProfile] = []
        for _ in 0..<2 { places.append(try await Rafiq.newProfile(root: root)) }
        for place in places {
            let rafiq = try await Rafiq(folder: URL(fileURLWithPath: place.folder))
            _ = try await rafiq.people.setMe(NewMe(name: place.id, language: "uk"))
            try await rafiq.close()
        }
        let listed = try await Rafiq.profiles(root: root)
        #expect(listed == places.sorted { $0.id < $1.id })
        try await Rafiq.wipe(folder: URL(fileURLWithPath: places[0].folder))
        let left = try await Rafiq.profiles(root: root)
        #expect(left.map(\.id) == [places[1].id])
        let rafiq = try await Rafiq(folder: URL(fileURLWithPath: places[1].folder))
        #expect(try await rafiq.people.me()?.name == places[1].id)
    }

    /// However early it comes: before the connection begins as well.
    @Test func aCancelledExchangeEnds() async throws {
        let rafiq = try await profile(try folder())
        try await rafiq.sync.setHomeRelay(url: "http://127.0.0.1:9")
        _ = try await rafiq.mentoring.begin(NewPairing(model: "buddy", myRole: "buddy", title: "Two"))
        let exchange = try await rafiq.sync.nextExchange(relay: "http://127.0.0.1:9", budget: Budget(bytes: 1024))
        for _ in 0..<50 {
            let carrying = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await HTTPCarrier().carry(exchange)
            }
            carrying.cancel()
            await #expect(throws: CancellationError.self) { _ = try await carrying.value }
        }
    }

    @Test func oneExchangeAtATime() async throws {
        actor Line: Carrier {
            private var carrying = 0
            private(set) var most: [Int] = []
            func carry(_ exchange: Exchange) async throws -> Data {
                carrying += 1
                most.append(carrying)
                try await Task.sleep(for: .milliseconds(50))
                carrying -= 1
                throw RafiqError.Host(reason: "no-connection")
            }
        }
        let rafiq = try await profile(try folder())
        try await rafiq.sync.setHomeRelay(url: "http://127.0.0.1:9")
        _ = try await rafiq.mentoring.begin(NewPairing(model: "buddy", myRole: "buddy", title: "Two"))
        let line = Line()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    await #expect(throws: RafiqError.Host(reason: "no-connection")) { _ = try await rafiq.exchange(carrier: line) }
                }
            }
        }
        #expect(await line.most == [1, 1, 1])
    }

    @Test func sentencesDatesAndModels() async throws {
        let dari = try Language("prs-AF")
        #expect(try dari.day("2026-11-22", style: .long) == "۱ قوس ۱۴۰۵")
        #expect(try dari.direction() == .rightToLeft)
        #expect(try dari.parseDate("۱۴۰۵/۰۹/۰۱").firstDay == "2026-11-22")
        #expect(try Feeling.good.textId() == "feeling-4")
        #expect(throws: RafiqError.self) { _ = try Language("not a tag") }
        await #expect(throws: RafiqError.self) { _ = try await Rafiq.check(model: "this is no model") }
        let rafiq = try await profile(try folder())
        #expect(try await rafiq.supportModels().map(\.id).contains("buddy"))
        #expect(try await rafiq.modelTexts(language: "prs").isEmpty)
        let tandem = """
            id = "tandem"
            version = 1
            pass_on = ["coordinator"]
            [[roles]]
            id = "speaker"
            [texts.en]
            model-tandem = "Language tandem"
            """
        let programme = try await Rafiq(folder: try folder(), vault: MaskVault(), models: [tandem])
        let own = Spoken(text: "Language tandem", language: "en", fallback: true, machine: false)
        #expect(try await programme.modelTexts(language: "prs") == ["model-tandem": own])
    }
}
