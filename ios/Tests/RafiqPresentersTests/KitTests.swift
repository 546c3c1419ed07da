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
            #expect(none.step == .about && !none.staysOn)
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
            #expect(try await kit.does(.makeOthers).words == made.words)
            try await confirm(made, at: kit)
            #expect(try await kit.does(.make).step == .again, "those on paper are good for nothing then: that is asked first")
            #expect(try await kit.does(.make).step == .again, "a second tap is no answer")
            #expect(try await kit.does(.back).step == .about)
            try await kit.does(.make)
            let others = try await kit.does(.makeOthers)
            #expect(others.words.count == 12 && others.words != made.words && others.step == .words)
            #expect(try await kit.does(.dismiss).notice == nil)
            await phone.close()
        }

        /// Two words of the paper are typed, wrong ones first.
        private func confirm(_ made: KitContent, at kit: KitPresenter) async throws {
            let right = [3, 9].map { bare(made.words[$0 - 1]) }
            let check = try await kit.does(.written)
            #expect(check.step == .check && check.words.isEmpty && check.relay == nil && !check.canCheck && check.staysOn)
            #expect(check.asked.map(\.plain) == ["کلمهٔ شمارهٔ ۳", "کلمهٔ شمارهٔ ۹"])
            #expect(try await !kit.does(.enterWords(first: right[0], second: " ")).canCheck)
            #expect(try await kit.does(.enterWords(first: right[0], second: "no such word")).canCheck)
            let differs = try await kit.does(.check)
            let sentence =
                "کلمهٔ شمارهٔ ۹ هنوز برابر نیست. هیچ چیز از دست نرفته است: لطفاً کلمه‌ها را دوباره ببینید و با کاغذ خود مقایسه کنید."
            #expect(differs.notice?.plain == sentence)
            #expect(differs.step == .check && differs.canCheck)
            #expect(try await kit.does(.enterWords(first: right[0], second: "no")).notice == nil, "read, and being mended")
            #expect(try await kit.does(.back).words == made.words, "whoever cannot type them looks at them again")
            try await kit.does(.written)
            try await kit.does(.enterWords(first: " 3. \(right[0].uppercased())", second: "\(right[1]) "))
            let written = try await kit.does(.check)
            #expect(written.step == .about && written.words.isEmpty && written.relay == nil && written.made == made.made)
            #expect(!written.staysOn && !written.canCheck)
            #expect(written.notice == "هر دو کلمه درست است. لطفاً کاغذ را در جای امن نگه دارید.")
            let back = try await kit.does(.back)
            #expect(back.step == .about && back.words.isEmpty, "they are forgotten")
        }

        @Test func wordsAreNotLeftUncheckedWithoutAQuestion() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Amina", "en")
            try await SyncPresenter(session: phone.session).does(.setRelay(url: "http://127.0.0.1:9"))
            let kit = try KitPresenter(session: phone.session)
            let made = try await kit.does(.make)
            #expect(try await kit.does(.leave).words == made.words, "not without the question")
            let asked = try await kit.does(.back)
            #expect(asked.step == .leave && asked.words.isEmpty && asked.staysOn)
            #expect(try await kit.does(.back).words == made.words)
            try await kit.does(.written)
            try await kit.does(.back)
            try await kit.does(.back)
            let left = try await kit.does(.leave)
            #expect(left.step == .about && left.made != nil && !left.staysOn && left.notice == nil)
            let back = try await kit.does(.back)
            #expect(back.step == .about && back.words.isEmpty)
            try await kit.does(.make)
            #expect(try await kit.does(.makeOthers).words != made.words, "others can be made at any time")
            await phone.close()
        }

        @Test func whoeverTypesTheWordsIsHelped() async throws {
            let phone = Phone(folder["new"])
            await phone.start()
            let setUp = SetUpPresenter(app: phone.app)
            try await setUp.does(.next)
            try await setUp.does(.chooseRecovering(recovering: true))
            func types(_ words: String) async throws -> SetUpContent {
                try await setUp.does(.enterKit(words: words, relay: "http://127.0.0.1:9"))
            }
            func expect(_ words: String, _ suggested: [String], _ misspelt: String? = nil, _ comment: Comment? = nil) async throws {
                let content = try await types(words)
                #expect(content.suggestions.map(\.text) == suggested, comment)
                #expect(content.misspelt?.plain == misspelt, comment)
            }
            func wrong(_ number: Int, _ word: String) -> String {
                "Word \(number) cannot be right: \(word). Please compare it with your paper."
            }
            try await expect("l", [], nil, "too many begin so")
            try await expect("1. Le", ["leader", "leaf", "learn"])
            #expect(try await types("1. Le").suggestions[1].value == "1. leaf ", "all that is typed, with it")
            try await expect("legal act", ["action", "actor", "actress"], nil, "not the one that stands there")
            try await expect("legal act ", [])
            try await expect("legal winer", [], wrong(2, "winer"), "as soon as no word begins so")
            try await expect("legal wi th", ["thank", "that", "theme"], wrong(2, "wi"), "its beginning is not yet the word")
            try await expect("کلمه", [], wrong(1, "کلمه"))
            try await expect("", [])
            let misspelt = "legal winner thank year wave sausage worth useful legal winner thank thank"
            let entered = try await types(misspelt)
            #expect(entered.canGoOn && entered.misspelt == nil && !entered.staysOn)
            let refused = try await setUp.does(.next)
            #expect(refused.step == .name)
            #expect(refused.notice == "These words do not fit. Please compare each of the twelve with your paper.")
            #expect(try await types(misspelt.dropLast(5) + "yellow").notice == nil)
            #expect(try await setUp.does(.next).step == .protection)
            _ = try await types("wen")
            let protection = try await setUp.does(.chooseProtection(withPassphrase: true))
            #expect(protection.suggestions.isEmpty && protection.misspelt == nil, "another question is asked here")
            // Nothing was made of that: a profile opened meanwhile would have lain there without the passphrase that is chosen only now.
            #expect(try await Rafiq.inspect(folder: phone.folder, vault: phone.vault) == .empty)
            #expect(!FileManager.default.fileExists(atPath: phone.folder.path), "not even a folder")
            // The words are not needed after all.
            try await setUp.does(.back)
            try await setUp.does(.chooseRecovering(recovering: false))
            try await setUp.does(.enterName(name: "Amina"))
            try await setUp.does(.next)
            try await setUp.does(.enterPassphrase(first: "a long one", again: "a long one"))
            await setUp.on(.finish).value
            #expect(try await ProfilePresenter(session: phone.session).content().name == "Amina")
            await phone.app.on(.lock).value
            #expect(phone.at == .locked)
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
            let words = try await kit.does(.make).words.map(bare)
            for _ in 0..<3 { try await lost.exchange() }  // the inbox of the words, the space, and what is posted there
            #expect(try await kit.content { !$0.waits }.standing == "می‌توان از آن‌ها استفاده کرد.", "seen without asking")
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
            /// What is said beside the words, which are still there.
            func refused(_ words: String) async throws -> String? {
                try await setUp.does(.enterKit(words: words, relay: relay.url))
                try await setUp.does(.next)
                try await setUp.does(.chooseProtection(withPassphrase: false))
                let refused = try await setUp.does(.finish)
                #expect(refused.step == .name && refused.recovering && refused.canGoOn && !refused.busy)
                #expect(phone.at == .setUp)
                return refused.notice
            }
            let misspelt = "این کلمه‌ها درست نیستند. لطفاً هر یک از دوازده کلمه را با کاغذ خود مقایسه کنید."
            for wrong in [Array(repeating: "abandon", count: 12).joined(separator: " "), twelve + " abandon"] {  // one too many
                let entered = try await setUp.does(.enterKit(words: wrong, relay: relay.url))
                #expect(entered.canGoOn && entered.recovering)
                let refused = try await setUp.does(.next)
                #expect(refused.step == .name && refused.notice == misspelt, "before anything else is asked")
            }
            let others = "legal winner thank year wave sausage worth useful legal winner thank yellow"
            let unknown = try await refused(others)
            #expect(unknown?.hasPrefix("این سرور واسطه چنین کلمه‌هایی را نمی‌شناسد.") == true)
            let unreached =
                "اکنون نمی‌توان از سرور واسطهٔ کلمه‌های شما پرسید. هیچ چیز از دست نرفته است: لطفاً نشانی را با کاغذ خود مقایسه کنید یا بعدتر کوشش کنید."
            await line.set { throw Unexpected("cut") }
            #expect(try await refused(twelve) == unreached)
            await line.set { @MainActor in
                #expect(setUp.state.content?.staysOn == true, "it does not go dark while it comes back")
                await phone.app.on(.suspend).value
            }
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

/// A word without its number.
private func bare(_ word: String) -> String { word.plain.components(separatedBy: ". ").last ?? "" }

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
