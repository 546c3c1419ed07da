import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

extension Presenters {
    @MainActor @Suite struct ProfileTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func nameLanguageAndCalendar() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("آمنه", "prs")
            let old = try phone.session
            let profile = ProfilePresenter(session: old)
            let first = try await profile.content()
            #expect(try first.name == "آمنه" && first.languages.only(\.chosen).tag == "prs" && first.calendars.chosen() == nil)
            let renamed = try await profile.does(.rename(name: " آمنه جان "))
            #expect(renamed.name == "آمنه جان" && renamed.notice == "ذخیره شد.")
            let empty = try await profile.does(.rename(name: " "))
            #expect(empty.name == "آمنه جان" && empty.notice != nil)
            #expect(try await profile.does(.dismiss).notice == nil)
            await profile.on(.chooseCalendar(calendar: "gregory")).value
            #expect(try phone.session != old)
            let today = try await TodayPresenter(session: phone.session).content()
            #expect(today.date.contains("۲۲") && !today.date.contains("قوس"), "\(today.date)")
            let again = try ProfilePresenter(session: phone.session)
            #expect(try await again.content().calendars.chosen() == "gregory")
            await again.on(.chooseLanguage(tag: "uk")).value
            let words = try phone.session.words
            #expect(try words.language.tag() == "uk-u-ca-gregory" && words[.tabToday] == "Сьогодні")
            #expect(try await ProfilePresenter(session: phone.session).content().languages.only(\.chosen).tag == "uk")
            #expect(try await Rafiq.lastLanguage(folder: phone.folder) == "uk")
            await phone.close()
        }

        @Test func aPassphraseIsSetChangedAndTakenAway() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Amina", "en")
            let profile = try ProfilePresenter(session: phone.session)
            let none = try await profile.content()
            #expect(!none.hasPassphrase && none.protection == "There is no passphrase.")
            await profile.on(.lock).value
            _ = try phone.session
            let differs = try await profile.does(.changePassphrase(old: "", new: "one", again: "two"))
            #expect(differs.notice == "The two are not the same. Please try again.")
            let change = profile.on(.changePassphrase(old: "", new: "green leaf", again: "green leaf"))
            _ = try await profile.content(where: \.busy)
            await change.value
            let set = try await profile.content()
            #expect(set.hasPassphrase && !set.busy && set.notice == "The new passphrase holds from now on.")
            let wrong = try await profile.does(.changePassphrase(old: "red leaf", new: "x", again: "x"))
            #expect(wrong.notice == "This passphrase is not right. Nothing is lost: please try again." && !wrong.busy)
            await profile.on(.lock).value
            #expect(phone.at == .locked && profile.state.isLocked)
            await UnlockPresenter(app: phone.app).on(.enter(passphrase: "green leaf")).value
            let open = try ProfilePresenter(session: phone.session)
            _ = try await open.content()
            let removed = try await open.does(.changePassphrase(old: "green leaf", new: "", again: ""))
            #expect(!removed.hasPassphrase && removed.notice == "There is no passphrase any more.")
            await phone.close()
            let next = Phone(folder["profile"])
            await next.start()
            _ = try next.session
            await next.close()
        }

        @Test func everythingIsDeletedOnlyWhenItWasConfirmed() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Amina", "en", passphrase: "green leaf")
            let profile = try ProfilePresenter(session: phone.session)
            _ = try await profile.content()
            await profile.on(.wipe(confirmed: false)).value
            _ = try phone.session
            await profile.on(.wipe(confirmed: true)).value
            #expect(phone.at == .setUp && profile.state.isLocked)
            let left = try FileManager.default.contentsOfDirectory(at: phone.folder, includingPropertiesForKeys: nil)
            for file in left { #expect(try Data(contentsOf: file).count <= 1000, "\(file)") }
            phone.vault.key = 9
            try await phone.setUp("Amina", "en")
            #expect(try await ProfilePresenter(session: phone.session).content().hasPassphrase == false)
            await phone.close()
        }
    }
}
