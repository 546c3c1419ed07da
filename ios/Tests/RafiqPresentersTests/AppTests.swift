import Foundation
import Observation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

/// Opening, locking, suspending, and what can be wrong with a profile.
extension Presenters {
    @MainActor @Suite struct AppTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        private func phone(_ language: String = "en", vault: TestVault = TestVault()) -> Phone {
            Phone(folder["profile"], language, vault: vault)
        }

        private func setUp(_ name: String = "آمنه", _ language: String = "prs", passphrase: String? = nil) async throws {
            let phone = phone()
            try await phone.setUp(name, language, passphrase: passphrase)
            await phone.close()
        }

        /// One bit of a file is another one.
        private func damage(_ name: String) throws {
            let file = folder["profile"].appendingPathComponent(name)
            var bytes = try Data(contentsOf: file)
            bytes[100] ^= 1
            try bytes.write(to: file)
        }

        @Test func theFirstStepsInTheLanguageThatIsChosen() async throws {
            let phone = phone("prs-AF")
            #expect(phone.app.state.isLoading)
            await phone.start()
            #expect(phone.at == .setUp)
            let setUp = SetUpPresenter(app: phone.app)
            let first = try await setUp.content()
            #expect(first.step == .language && first.progress.plain == "قدم ۱ از ۳")
            #expect(try first.languages.only(\.chosen).tag == "prs" && first.words.direction == .rightToLeft)
            let ukrainian = try await setUp.does(.chooseLanguage(tag: "uk"))
            #expect(ukrainian.words[.setUpLanguage] == "Якою мовою Ви хотіли б читати?")
            #expect(try ukrainian.languages.only(\.chosen).tag == "uk" && ukrainian.remark == ukrainian.words.remark)
            #expect(try await setUp.does(.next).canGoOn == false, "no name yet")
            #expect(try await setUp.does(.next).step == .name)
            #expect(try await setUp.does(.enterName(name: "Олена")).canGoOn)
            #expect(try await setUp.does(.next).step == .protection)
            #expect(try await setUp.does(.chooseProtection(withPassphrase: true)).canGoOn == false)
            setUp.on(.enterPassphrase(first: "калина", again: "малина"))
            let differs = try await setUp.does(.finish)
            let sentence = await differs.words.say { $0.text("cli-passphrase-differs") }
            #expect(differs.notice == sentence)
            #expect(try await setUp.does(.dismiss).notice == nil)
            #expect(try await setUp.does(.back).step == .name)
            #expect(try await setUp.does(.next).name == "Олена")
            setUp.on(.enterPassphrase(first: "калина", again: "калина"))
            try await setUp.does(.finish)
            #expect(try phone.session.words.language.tag() == "uk")
            #expect(try await ProfilePresenter(session: phone.session).content().name == "Олена")
            await phone.close()
            #expect(try await Rafiq.lastLanguage(folder: phone.folder) == "uk")
        }

        @Test func aDeviceInALanguageThatIsNotShippedBeginsInEnglish() async throws {
            let phone = phone("de-AT")
            await phone.start()
            let shown = try await SetUpPresenter(app: phone.app).content()
            #expect(try shown.languages.only(\.chosen).tag == "en" && shown.remark == nil)
        }

        @Test func whatWasSetUpIsOpenAtTheNextStart() async throws {
            try await setUp()
            let phone = phone()
            await phone.start()
            #expect(try phone.session.words.language.tag() == "prs")
            await phone.app.on(.lock).value
            _ = try phone.session  // without a passphrase there is nothing to lock
            await phone.close()
        }

        @Test func aWrongPassphraseIsSaidInDariAndTheRightOneOpens() async throws {
            try await setUp(passphrase: "برگ سبز")
            let phone = phone()
            await phone.start()
            #expect(phone.at == .locked)
            let unlock = UnlockPresenter(app: phone.app)
            let question = try await unlock.content()
            #expect(question.question == "این قفل است. لطفاً رمز خود را بنویسید." && question.wrong == nil)
            let tried = unlock.on(.enter(passphrase: "برگ زرد"))
            #expect(try await unlock.content(where: \.busy).wrong == nil)
            await tried.value
            let wrong = try await unlock.content()
            #expect(wrong.wrong == "رمز درست نیست. هیچ چیز گم نشده است؛ لطفاً دوباره کوشش کنید.")
            #expect(phone.at == .locked)
            #expect(try await phone.app.does(.dismiss).notice == nil)
            await unlock.on(.enter(passphrase: "")).value
            #expect(phone.at == .locked)
            await unlock.on(.enter(passphrase: "برگ سبز")).value
            let session = try phone.session
            let today = TodayPresenter(session: session)
            _ = try await today.content()
            await phone.app.on(.lock).value
            #expect(phone.at == .locked)
            try await today.until(\.isLocked)
            await today.on(.refresh).value
            #expect(today.state.isLocked)
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            #expect(try phone.session != session)
            await phone.close()
        }

        @Test func aDamagedStoreIsSetAsideAndAFreshOneBegins() async throws {
            try await setUp()
            try damage("rafiq.db")
            let phone = phone()
            await phone.start()
            let sentence =
                "فایل ذخیره‌شده خراب است و همان‌طور که هست نگه داشته شد. لطفاً پیش از هر کار دیگر از هماهنگ‌کننده کمک بخواهید."
            #expect(phone.at == .damaged(sentence: sentence, needsPassphrase: false))
            await phone.app.on(.setAside(passphrase: nil)).value
            #expect(phone.at == .setUp)
            let files = try FileManager.default.contentsOfDirectory(atPath: phone.folder.path)
            #expect(files.contains { $0.contains(".damaged-") }, "nothing is deleted")
            #expect(try await phone.app.does(.setAside(passphrase: nil)).at == .setUp, "an open profile is not set aside")
            try await phone.setUp("آمنه", "prs")
            #expect(try await ProfilePresenter(session: phone.session).content().name == "آمنه")
            await phone.close()
        }

        @Test func aDamagedStoreBehindAPassphrase() async throws {
            try await setUp(passphrase: "برگ سبز")
            try damage("rafiq.db")
            let phone = phone()
            await phone.start()
            await UnlockPresenter(app: phone.app).on(.enter(passphrase: "برگ سبز")).value
            guard case .damaged(_, needsPassphrase: true) = phone.at else { throw Unexpected("\(phone.app.state)") }
            let refused = try await phone.app.does(.setAside(passphrase: nil))
            guard case .damaged = refused.at else { throw Unexpected("\(refused)") }
            #expect(refused.notice == "این قفل است. لطفاً رمز خود را بنویسید.")
            await phone.app.on(.setAside(passphrase: "برگ سبز")).value
            #expect(phone.at == .locked)
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            #expect(phone.at == .setUp, "a fresh store under the same passphrase")
            try await phone.setUp("آمنه", "prs", passphrase: "برگ تازه")
            await phone.close()
            let again = self.phone()
            await again.start()
            await again.app.on(.unlock(passphrase: "برگ تازه")).value
            _ = try again.session  // the passphrase that was chosen last holds
            await again.close()
        }

        @Test func aDamagedKeyFileStaysAsItIsAndSaysSoEachTime() async throws {
            try await setUp()
            try damage("rafiq.key")
            let phone = phone()
            await phone.start()
            guard case .damaged(let sentence, _) = phone.at else { throw Unexpected("\(phone.app.state)") }
            let before = phone.at
            let again = try await phone.app.does(.setAside(passphrase: nil))
            #expect(again.at == before && again.notice == sentence)
        }

        @Test func everyErrorOfOpeningHasItsPlace() async throws {
            let words = try await Words.of("uk")
            let app = phone().app
            func place(_ error: RafiqError) -> Where? { app.whereNow(error, words) }
            #expect(place(.Corrupt) == .damaged(sentence: words.error(.Corrupt), needsPassphrase: false))
            #expect(place(.KeyLost) == .keyLost(sentence: words.error(.KeyLost)))
            #expect(place(.WrongKey) == .keyLost(sentence: words.error(.WrongKey)))
            #expect(place(.NewerVersion) == .newerVersion(sentence: words.error(.NewerVersion)))
            #expect(place(.InUse) == .inUse(sentence: words.error(.InUse)))
            #expect(place(.StorageFull) == nil)
        }

        @Test func lostKeysAndOtherProcesses() async throws {
            let (first, second, vault) = (phone(), phone(), TestVault(nil))
            try await first.setUp("Amina", "en")
            await second.start()
            guard case .inUse = second.at else { throw Unexpected("\(second.app.state)") }
            await first.close()
            await second.start()
            _ = try second.session  // trying again opens it
            await second.close()
            let third = phone(vault: vault)
            await third.start()
            #expect(third.at == .keyLost(sentence: third.app.state.content?.words.error(.KeyLost) ?? ""))
        }

        @Test func aFolderThatCannotBeMadeSaysSoAndCanBeTriedAgain() async throws {
            try Data("a file where a folder should be".utf8).write(to: folder["profile"])
            let phone = phone("prs")
            await phone.start()
            let sentence = "دستگاه نتوانست این را بخواند یا ذخیره کند. هیچ چیز نیمه‌کاره ذخیره نشد. لطفاً دوباره کوشش کنید."
            #expect(phone.app.state == .failed(sentence: sentence, canRetry: true))
            try FileManager.default.removeItem(at: folder["profile"])
            try await phone.setUp("آمنه", "prs")
            await phone.close()
        }

        @Test func aSuspendDuringARefreshWaitsAndGoesOnAfterResume() async throws {
            let phone = phone()
            try await phone.setUp("Amina", "en")
            let today = try TodayPresenter(session: phone.session)
            let checkIns = try CheckInsPresenter(session: phone.session)
            _ = try await today.content()
            try await checkIns.until { $0.empty != nil }
            for _ in 0..<20 {
                let refreshes = (0..<3).map { _ in today.on(.refresh) }
                await phone.app.on(.suspend).value
                let later = today.on(.refresh)
                await phone.app.on(.resume).value
                for refresh in refreshes + [later] { await refresh.value }
                #expect(today.state.content != nil, "\(today.state)")
            }
            await phone.app.on(.suspend).value
            var isDone = false
            let waits = Task {
                await today.on(.refresh).value
                isDone = true
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(!isDone && today.state.content != nil, "it waits and shows what it had")
            await phone.app.on(.resume).value
            await waits.value
            let new = NewCheckIn(feeling: .good, contact: .no, share: .private)
            _ = try await phone.session.rafiq.checkIns.record(new)
            #expect(try await checkIns.content().checkIns.only().feeling == 4, "changes are heard again")
            await phone.close()
        }

        /// What views rely on: they are woken by every change, and by nothing else; and what no screen holds any more is freed.
        @Test func aViewIsWokenByAChangeAndAScreenThatClosedIsForgotten() async throws {
            let phone = phone()
            try await phone.setUp("Amina", "en")
            var checkIns: CheckInsPresenter? = try CheckInsPresenter(session: phone.session)
            try await checkIns?.until { $0.empty != nil }
            final class Woken: @unchecked Sendable { var count = 0 }  // changed on the main thread alone
            let woken = Woken()
            withObservationTracking {
                _ = checkIns?.state
            } onChange: {
                woken.count += 1
            }
            await checkIns?.on(.refresh).value
            #expect(woken.count == 0, "the same again")
            _ = try await phone.session.rafiq.checkIns.record(NewCheckIn(feeling: .good, contact: .no, share: .private))
            _ = try await checkIns?.content()
            #expect(woken.count == 1)
            weak var forgotten = checkIns
            checkIns = nil
            for _ in 0..<100 where forgotten != nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(forgotten == nil)
            await phone.close()
        }

        /// Somebody who has gone through a check-in, but for "keep".
        private func readyToSave(_ phone: Phone, _ note: String) async throws -> CheckInPresenter {
            let checkIn = try CheckInPresenter(session: phone.session)
            checkIn.on(.chooseFeeling(value: 2))
            checkIn.on(.next)
            await checkIn.on(.writeNote(note: note)).value
            return checkIn
        }

        @Test func whatIsSavedIsSavedHoweverSoonTheProfileIsLocked() async throws {
            let phone = phone()
            try await phone.setUp("آمنه", "prs", passphrase: "برگ سبز")
            for round in 0..<3 {
                phone.clock.now += hourMs
                let checkIn = try await readyToSave(phone, "\(round)")
                // It looks for the first time just now: the event waits for its turn.
                let sync = try SyncPresenter(session: phone.session)
                checkIn.on(.save)
                sync.on(.setRelay(url: "https://relay.example/\(round)"))
                await phone.app.on(.lock).value
                #expect(phone.at == .locked)
                await phone.app.on(.unlock(passphrase: "برگ سبز")).value
                let rafiq = try phone.session.rafiq
                #expect(try await rafiq.checkIns.list(filter: CheckInFilter(), limit: 1).items.only().note == "\(round)")
                #expect(try await rafiq.sync.homeRelay() == "https://relay.example/\(round)")
            }
            let language = try ProfilePresenter(session: phone.session).on(.chooseLanguage(tag: "uk"))
            await phone.app.on(.lock).value
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            await language.value
            let kept = try await phone.session.rafiq.people.me()?.language
            #expect(kept == "uk", "one's own language waits for the app itself, and is kept")
            await phone.close()
        }

        @Test func whatWaitsWhileTheAppSleepsIsSavedBeforeItIsLocked() async throws {
            let phone = phone()
            try await phone.setUp("آمنه", "prs", passphrase: "برگ سبز")
            let checkIn = try await readyToSave(phone, "امروز")
            let before = try phone.session
            await phone.app.on(.suspend).value
            let saved = checkIn.on(.save)
            try await Task.sleep(for: .milliseconds(50))
            #expect(before.work.isRunning, "it waits")
            await phone.app.on(.suspend).value
            #expect(before.work.isRunning, "and is not waited for by an app that sleeps already")
            await phone.app.on(.lock).value
            #expect(phone.at == .locked && !before.work.isRunning)
            await saved.value
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            let all = try await phone.session.rafiq.checkIns.list(filter: CheckInFilter(), limit: 1).items
            #expect(try all.only().note == "امروز")
            await phone.close()
        }

        @Test func whatIsSavedIsSavedBeforeTheAppIsPutToSleep() async throws {
            let phone = phone()
            try await phone.setUp("Amina", "en")
            for round in 0..<20 {
                let sync = try SyncPresenter(session: phone.session)
                sync.on(.setRelay(url: "https://relay.example/\(round)"))
                await phone.app.on(.suspend).value
                #expect(try !phone.session.work.isRunning)
                await phone.app.on(.resume).value
                #expect(try await phone.session.rafiq.sync.homeRelay() == "https://relay.example/\(round)")
            }
            await phone.close()
        }

        @Test func nothingKeepsAProfileOpenLongerThanTheHostAllowsAndAnExchangeNotAtAll() async throws {
            let line = EndlessLine()
            let phone = Phone(folder["profile"], carrier: line, patienceMs: 300)
            try await phone.setUp("آمنه", "prs", passphrase: "برگ سبز")
            try phone.session.work.begin()  // something that never ends
            let whole = await ContinuousClock().measure { await phone.app.on(.lock).value }
            #expect(phone.at == .locked && whole >= .milliseconds(300) && whole < .seconds(5))
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            let sync = try SyncPresenter(session: phone.session)
            try await sync.does(.setRelay(url: "https://relay.example"))
            _ = try await phone.beginPairing("buddy", "buddy", "دو نفر")
            sync.on(.exchangeNow)
            while !line.isAsked { try await Task.sleep(for: .milliseconds(3)) }
            #expect(try !phone.session.work.isRunning)
            let none = await ContinuousClock().measure { await phone.app.on(.lock).value }
            #expect(phone.at == .locked && none < .milliseconds(300))
            line.end()
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            let profile = try ProfilePresenter(session: phone.session)
            _ = try await profile.content()
            let button = await ContinuousClock().measure { await profile.on(.lock).value }
            #expect(phone.at == .locked && button < .milliseconds(300), "the button that locks does not wait for itself")
            await phone.close()
        }

        @Test func whoeverLocksSeesNothingMoreAtOnceAndWhatElseWasAskedForThereIsNotWaitedForAnew() async throws {
            let phone = Phone(folder["profile"], patienceMs: 4_000)
            try await phone.setUp("آمنه", "prs", passphrase: "برگ سبز")
            let work = try phone.session.work
            let profile = try ProfilePresenter(session: phone.session)
            _ = try await profile.content()
            work.begin()  // a save that takes its time
            let lock = profile.on(.lock)
            try await phone.app.until { $0.isLoading }
            let events: [ProfileEvent] = [
                .lock, .rename(name: "آمنه جان"), .chooseLanguage(tag: "uk"), .chooseCalendar(calendar: "gregory"), .lock,
            ]
            let others = events.map { profile.on($0) }
            await others[1].value  // has its turn while the first waits
            work.end()
            let took = await ContinuousClock().measure { for one in others + [lock] { await one.value } }
            #expect(took < .seconds(3) && phone.at == .locked)
            await phone.app.on(.unlock(passphrase: "برگ سبز")).value
            let me = try #require(try await phone.session.rafiq.people.me())
            let kept = [me.name, me.language, me.calendar]
            #expect(kept == ["آمنه جان", "uk", "gregory"], "all of it was kept, in the order given")
            await phone.close()
        }
    }
}

/// A line on which no answer comes before it is ended.
private final class EndlessLine: Carrier, @unchecked Sendable {  // what it holds is only touched under the lock
    private let lock = NSLock()
    private var (asked, ended) = (false, false)

    var isAsked: Bool { lock.withLock { asked } }

    func end() { lock.withLock { ended = true } }

    func carry(_ exchange: Exchange) async throws -> Data {
        lock.withLock { asked = true }
        while !lock.withLock({ ended }) { try await Task.sleep(for: .milliseconds(3)) }
        throw RafiqError.Cancelled
    }
}
