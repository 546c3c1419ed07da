import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

extension Presenters {
    @MainActor @Suite struct CheckInTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func threeTapsKeepACheckInThatNobodyElseSees() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Amina", "en")
            let checkIn = try CheckInPresenter(session: phone.session)
            let first = try await checkIn.content()
            #expect(first.question == "How is it going?" && first.faces.map(\.value) == [1, 2, 3, 4, 5])
            #expect(first.faces[0].text == "Very hard" && first.faces[0].description == "A face in tears")
            #expect(try first.shares.chosen() == .private && first.contacts.chosen() == .no)
            await checkIn.on(.next).value
            #expect(try await checkIn.content().step == .feeling, "a face comes first")
            let help = try await checkIn.does(.chooseFeeling(value: 4))
            #expect(try help.step == .help && help.faces.only(\.chosen).value == 4)
            let contact = try await checkIn.does(.next)
            #expect(contact.step == .contact && contact.question == "Shall someone contact you?")
            let kept = try await checkIn.does(.save)
            #expect(kept.step == .kept && kept.kept == "Saved. It is shared with nobody." && kept.danger == nil)
            try await checkIn.does(.save)
            let all = try await phone.session.rafiq.checkIns.list(filter: CheckInFilter(), limit: 10).items
            #expect(all.count == 1, "a second tap keeps nothing twice")
            let again = try await checkIn.does(.again)
            #expect(again.step == .feeling && again.kept == nil && !again.faces.contains(where: \.chosen))
            await phone.close()
        }

        @Test func everyChoiceCanBeChangedAndAWishThatNobodyWouldHearIsAskedAbout() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let checkIn = try CheckInPresenter(session: two.newcomer.session)
            try await checkIn.does(.chooseFeeling(value: 2))
            try await checkIn.does(.toggleHelp(help: .practical))
            try await checkIn.does(.toggleHelp(help: .emotional))
            let help = try await checkIn.does(.toggleHelp(help: .practical)).helps.only(\.chosen)
            #expect(help.value == .emotional && help.text == "کسی که گوش بدهد")
            try await checkIn.does(.next)
            #expect(try await checkIn.does(.back).step == .help)
            #expect(try await checkIn.does(.back).step == .feeling)
            try await checkIn.does(.chooseFeeling(value: 1))
            try await checkIn.does(.next)
            #expect(try await checkIn.does(.writeNote(note: "امروز")).note == "امروز")
            try await checkIn.does(.chooseContact(wish: .today))
            let asked = try await checkIn.does(.save)
            #expect(asked.step == .contact && asked.notice == "لطفاً انتخاب کنید که این را با کی شریک می‌سازید.")
            #expect(try await checkIn.does(.dismiss).notice == nil)
            let share = asked.shares[1]
            #expect(share.text.plain == "من و کسانی که در «Olena & Amina» هستند")
            try await checkIn.does(.chooseShare(share: share.value))
            let kept = try await checkIn.does(.save)
            #expect(kept.kept?.plain == "ذخیره شد. همین که ارتباط برقرار شود، پیش از هر چیز به Олена خبر داده می‌شود.")
            #expect(kept.danger == "اگر در خطر هستید، منتظر جواب نمانید: به شمارهٔ عاجل زنگ بزنید.")
            try await checkIn.does(.again)
            try await checkIn.does(.chooseFeeling(value: 3))
            try await checkIn.does(.next)
            try await checkIn.does(.chooseShare(share: share.value))
            let shared = try await checkIn.does(.save)
            #expect(shared.kept?.plain == "ذخیره شد. Олена پس از تبادلهٔ بعدی آن را می‌بیند." && shared.danger == nil)

            try await two.exchange()
            let seen = try CheckInsPresenter(session: two.mentor.session)
            let rows = try await seen.content { $0.checkIns.count == 2 }.checkIns
            #expect(!rows.contains(where: \.isMine) && rows[0].name.plain == "آمنه")
            #expect(rows.allSatisfy { $0.seenBy.plain == "Shared with: Olena & Amina" })
            let contacts = ["Would like to be contacted: no", "Would like to be contacted: today"]
            #expect(rows.map(\.contact).sorted() == contacts)  // both at the same moment, by a clock that stands
            let retract = try await seen.does(.retract(id: rows[0].id))
            #expect(retract.notice == "Your role here does not allow this. Please ask your coordinator.")
            await two.close()
        }

        @Test func checkInsAreListedInPagesNewestFirstAndCanBeTakenBack() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("آمنه", "prs")
            let list = try CheckInsPresenter(session: phone.session)
            #expect(try await list.known() == .empty(sentence: "هنوز احوال‌دهی نیست. هر وقت خواسته باشید می‌توانید بنویسید."))
            for number in 0..<25 {
                phone.clock.now += hourMs
                let new = NewCheckIn(feeling: .hard, helps: [.information], contact: .no, share: .private, note: "\(number)")
                _ = try await phone.session.rafiq.checkIns.record(new)
            }
            let first = try await list.content { $0.checkIns.count == 20 && $0.checkIns[0].note == "24" }
            let row = first.checkIns[0]
            #expect(
                first.hasMore
                    && [row.name, row.feelingText, row.contact, row.seenBy]
                        == ["شما", "سخت", "خواهش تماس: نیست", "با هیچ کس شریک نیست"]
            )
            #expect(row.helps == ["معلومات"] && row.feeling == 2)
            let all = try await list.does(.more)
            #expect(all.checkIns.count == 25 && !all.hasMore)
            let after = try await list.does(.retract(id: row.id))
            #expect(after.checkIns.count == 24 && after.notice == "پس گرفته شد.")
            #expect(try await list.does(.dismiss).notice == nil)
            #expect(try await list.does(.refresh).checkIns.count == 24)
            await phone.close()
        }

        @Test func wordsAreTakenBackAndTheReceiptSaysFromWhichPhonesTheyAreGone() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let mine = try CheckInsPresenter(session: two.newcomer.session)
            let theirs = try CheckInsPresenter(session: two.mentor.session)
            let rafiq = try two.newcomer.session.rafiq
            let share = Share.pairing(pairing: two.pairing.value)
            _ = try await rafiq.checkIns.record(NewCheckIn(feeling: .hard, contact: .no, share: share, note: "دیروز"))
            try await two.exchange()
            let seen = try await theirs.content { $0.checkIns.count == 1 }.checkIns.only()
            #expect(seen.note == "دیروز")
            let row = try await mine.content { $0.checkIns.count == 1 }.checkIns.only()
            let leaver = "کسی که از «Olena & Amina» رفته است"
            #expect(row.eraseAsk?.plain.contains(leaver) == true && row.retractAsk?.plain.contains(leaver) == true)
            #expect(row.receipt.isEmpty)
            let after = try await mine.does(.eraseWords(id: row.id))
            #expect(after.notice == "آنچه نوشته بودید از این تیلفون پاک شد.")
            let gone = try after.checkIns.only()
            #expect(gone.eraseAsk == nil && gone.note == "آنچه این‌جا نوشته شده بود پاک شده است.")
            let here = "از این تیلفون پاک شده است"
            #expect(gone.receipt.map(\.plain) == [here, "تیلفون Олена هنوز تأیید نکرده است: شاید هنوز در آن باشد"])
            for _ in 0..<2 { try await two.exchange() }
            let confirmed = [here, "از تیلفون Олена پاک شده است"]
            _ = try await mine.content { $0.checkIns[0].receipt.map(\.plain) == confirmed }
            let there = try await theirs.content { $0.checkIns[0].note == "What was written here has been erased." }.checkIns.only()
            #expect(there.receipt.map(\.plain) == ["Gone from this phone", "Gone from آمنه’s phone"], "a steward sees it, too")
            let all = mine.erasures
            mine.erasures = { throw RafiqError.Corrupt }
            let unread = try await mine.does(.refresh).checkIns.only()
            #expect(unread.receipt == [here, "اکنون معلوم نیست که از کدام تیلفون‌های دیگر پاک شده است"])
            mine.erasures = {
                try await all().map { Erasure(id: $0.id, space: $0.space, atMs: $0.atMs, devices: []) }
            }
            #expect(try await mine.does(.refresh).checkIns.only() == unread)
            mine.erasures = all

            two.clock.now += hourMs
            _ = try await rafiq.checkIns.record(NewCheckIn(feeling: .good, contact: .no, share: .private, note: "امروز"))
            let own = try await mine.content { $0.checkIns.count == 2 }.checkIns[0]
            let asked = [own.eraseAsk, own.retractAsk].compactMap { $0 }
            #expect(
                asked.count == 2 && asked.allSatisfy { !$0.contains("کسی که از") && $0.contains("با هیچ کس شریک نیست") },
                "nobody else reads it")
            let left = try await mine.does(.eraseWords(id: own.id)).checkIns
            #expect(left.count == 2 && left[0].receipt == [here], "the check-ins themselves stay")
            await two.close()
        }

        @Test func aStewardErasesWhatSomebodyElseWroteAndHasTheReceipt() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let mine = try CheckInsPresenter(session: two.newcomer.session)
            let theirs = try CheckInsPresenter(session: two.mentor.session)
            let new = NewCheckIn(feeling: .hard, contact: .no, share: .pairing(pairing: two.pairing.value), note: "دیروز")
            _ = try await two.newcomer.session.rafiq.checkIns.record(new)
            try await two.exchange()
            let seen = try await theirs.content { $0.checkIns.count == 1 }.checkIns.only()
            #expect(seen.eraseAsk?.plain.hasPrefix("Erase what آمنه wrote here?") == true && seen.retractAsk == nil)
            let erased = try await theirs.does(.eraseWords(id: seen.id))
            let said = "What آمنه wrote is gone from this phone. The others hear of it with the next exchange."
            #expect(erased.notice?.plain == said)
            let row = try erased.checkIns.only()
            #expect(row.eraseAsk == nil && row.note == "What was written here has been erased.")
            let here = "Gone from this phone"
            #expect(row.receipt.map(\.plain) == [here, "Not confirmed yet by آمنه’s phone: it may still hold it"])
            for _ in 0..<2 { try await two.exchange() }
            _ = try await theirs.content { $0.checkIns[0].receipt.map(\.plain) == [here, "Gone from آمنه’s phone"] }
            let own = try await mine.content { !$0.checkIns[0].receipt.isEmpty }.checkIns.only()
            #expect(own.note == "آنچه این‌جا نوشته شده بود پاک شده است." && own.eraseAsk == nil && own.retractAsk != nil)
            await two.close()
        }

        @Test func whoeverHasLeftIsNotToldAndTellsNobodyAndTheSentencesSaySo() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let mine = try CheckInsPresenter(session: two.newcomer.session)
            let theirs = try CheckInsPresenter(session: two.mentor.session)
            let new = NewCheckIn(feeling: .hard, contact: .no, share: .pairing(pairing: two.pairing.value), note: "...")
            for phone in [two.newcomer, two.mentor] { _ = try await phone.session.rafiq.checkIns.record(new) }
            try await two.exchange()
            try await two.mentor.session.rafiq.sharing.leave(space: two.pairing.value)
            try await two.exchange()
            let shown = try await theirs.content { $0.checkIns.count == 2 && $0.checkIns.allSatisfy { $0.retractAsk == nil } }
            let left = shown.checkIns
            #expect(try left.only { !$0.isMine }.eraseAsk == nil, "a steward no more")
            let own = try left.only(\.isMine)
            let asked = "Take back what you wrote here? You are no longer in “Olena & Amina”"
            #expect(own.eraseAsk?.plain.hasPrefix(asked) == true)
            let alone = try await theirs.does(.eraseWords(id: own.id)).checkIns.only(\.isMine)
            let unheard = [
                "Gone from this phone", "Not confirmed yet by آمنه’s phone: it may still hold it",
                "You are no longer in “Olena & Amina”: a phone that has not confirmed may keep it",
            ]
            #expect(alone.receipt.map(\.plain) == unheard)
            let row = try await mine.content { $0.checkIns.count == 2 }.checkIns.only(\.isMine)
            let gone = try await mine.does(.eraseWords(id: row.id)).checkIns.only(\.isMine)
            let kept = ["از این تیلفون پاک شده است", "Олена دیگر اینجا نیست: آنچه به تیلفونش رسیده بود، در آن می‌ماند"]
            #expect(gone.receipt.map(\.plain) == kept)
            await two.close()
        }
    }
}
