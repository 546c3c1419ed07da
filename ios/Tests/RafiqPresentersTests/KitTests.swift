import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

extension Presenters {
    /// Twelve words on paper, from the phone on which they are made to the one that they bring everything back to.
    @MainActor @Suite struct KitTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func wordsAreMadeShownOnceAndReplaced() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("آمنه", "prs")
            let kit = try KitPresenter(session: phone.session)
            let none = try await kit.content()
            #expect(none.missing == "اول باید در بخش «تبادله» سرور واسطه تعیین شود.")
            #expect(none.made == nil && none.standing == nil && none.waits && none.words.isEmpty && none.relay == nil)
            let refused = try await kit.does(.make)
            #expect(refused.words.isEmpty && refused.made == nil && refused.notice != nil, "nothing could keep anything for them")
            try await SyncPresenter(session: phone.session).does(.setRelay(url: "http://127.0.0.1:9"))
            let relayed = try await kit.does(.refresh)
            #expect(relayed.missing == nil && relayed.made == nil)
            let made = try await kit.does(.make)
            #expect(made.words.count == 12 && made.relay?.plain == "http://127.0.0.1:9")
            #expect(made.words.first?.plain.hasPrefix("۱. ") == true && made.words.last?.plain.hasPrefix("۱۲. ") == true)
            #expect(made.standing == "پس از چند تبادلهٔ بعدی می‌توان از آن‌ها استفاده کرد." && made.waits)
            #expect(try await kit.does(.refresh).words == made.words, "whoever is writing them down is not hurried")
            let other = try await KitPresenter(session: phone.session).content()
            #expect(other.words.isEmpty && other.made == made.made, "they are shown this once")
            #expect(try await kit.does(.make).words == made.words, "nor is what they write down replaced by a second tap")
            let written = try await kit.does(.written)
            #expect(written.words.isEmpty && written.relay == nil && written.made != nil)
            #expect(try await kit.does(.make).words != made.words)
            #expect(try await kit.does(.dismiss).notice == nil)
            await phone.close()
        }

        @Test func aPhoneIsLostAndAnotherOneIsItsPersons() async throws {
            let relay = try Relay(folder.url)
            let lost = Phone(folder["lost"])
            try await lost.setUp("آمنه", "prs")
            try await SyncPresenter(session: lost.session).does(.setRelay(url: relay.url))
            let new = NewCheckIn(feeling: .hard, contact: .no, share: .private, note: "دیروز")
            _ = try await lost.session.rafiq.checkIns.record(new)
            let kit = try KitPresenter(session: lost.session)
            let words = try await kit.does(.make).words.compactMap { $0.plain.components(separatedBy: ". ").last }
            for _ in 0..<3 { try await lost.exchange() }  // the inbox of the words, the space, and what is posted there
            let ready = try await kit.does(.refresh)
            #expect(ready.standing == "می‌توان از آن‌ها استفاده کرد." && !ready.waits)
            await lost.close()

            let line = Line()
            let phone = Phone(folder["new"], carrier: line)
            await phone.start()
            let setUp = SetUpPresenter(app: phone.app)
            try await setUp.does(.chooseLanguage(tag: "prs"))
            try await setUp.does(.next)
            #expect(try await !setUp.does(.chooseRecovering(recovering: true)).canGoOn)
            #expect(try await !setUp.does(.enterKit(words: "legal winner", relay: relay.url)).canGoOn, "two of twelve")
            let twelve = words.joined(separator: " ")
            #expect(try await !setUp.does(.enterKit(words: twelve, relay: " ")).canGoOn)
            let abandoned = Array(repeating: "abandon", count: 12).joined(separator: " ")
            let entered = try await setUp.does(.enterKit(words: abandoned, relay: relay.url))
            #expect(entered.canGoOn && entered.recovering)
            #expect(try await setUp.does(.next).step == .protection)
            try await setUp.does(.chooseProtection(withPassphrase: false))
            /// What is said beside the words, which are still there.
            func refused(_ words: String) async throws -> String? {
                try await setUp.does(.enterKit(words: words, relay: relay.url))
                try await setUp.does(.next)
                let refused = try await setUp.does(.finish)
                #expect(refused.step == .name && refused.recovering && refused.canGoOn && !refused.busy)
                #expect(phone.at == .setUp)
                return refused.notice
            }
            let misspelt = "این کلمه‌ها درست نیستند. لطفاً هر یک از دوازده کلمه را با کاغذ خود مقایسه کنید."
            #expect(try await refused(abandoned) == misspelt)
            #expect(try await refused(twelve + " abandon") == misspelt, "one too many")
            let others = "legal winner thank year wave sausage worth useful legal winner thank yellow"
            let unknown = try await refused(others)
            #expect(unknown?.hasPrefix("این سرور واسطه چنین کلمه‌هایی را نمی‌شناسد.") == true)
            let unreached =
                "اکنون نمی‌توان از سرور واسطهٔ کلمه‌های شما پرسید. هیچ چیز از دست نرفته است: لطفاً نشانی را با کاغذ خود مقایسه کنید یا بعدتر کوشش کنید."
            await line.set { throw Unexpected("cut") }
            #expect(try await refused(twelve) == unreached)
            await line.set { await phone.app.on(.suspend).value }
            #expect(try await refused(twelve) == unreached, "the app sleeps although an answer is waited for")
            await phone.app.on(.resume).value
            await line.set(cutAfter: 3)
            #expect(try await refused(twelve) == unreached, "it was found, and nothing of it read")
            await line.set {}
            let numbered = words.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
            try await setUp.does(.enterKit(words: numbered, relay: " \(relay.url) "))
            try await setUp.does(.next)
            await setUp.on(.finish).value
            #expect(try await !setUp.does(.back).canGoOn, "the words are forgotten")
            #expect(try await ProfilePresenter(session: phone.session).content().name == "آمنه")
            #expect(try phone.session.words.tag == "prs")
            try await phone.exchange()
            #expect(try await CheckInsPresenter(session: phone.session).content().checkIns.only().note == "دیروز")
            await phone.close()
        }
    }
}

/// A line to which something happens before anything is carried.
private actor Line: Carrier {
    private var happens: @Sendable () async throws -> Void = {}
    private var carries = Int.max

    func set(cutAfter carries: Int = .max, _ happens: @escaping @Sendable () async throws -> Void = {}) {
        (self.carries, self.happens) = (carries, happens)
    }

    func carry(_ exchange: Exchange) async throws -> Data {
        try await happens()
        carries -= 1
        if carries < 0 { throw Unexpected("cut") }
        return try await HTTPCarrier().carry(exchange)
    }
}
