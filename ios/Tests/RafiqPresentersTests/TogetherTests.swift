import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

/// Beginning something together, and what two people do in a pairing.
extension Presenters {
    @MainActor @Suite struct TogetherTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func whatCanBeBegunIsOfferedWithWhatItIsAndWhatItIsNot() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Олена", "uk")
            let together = try TogetherPresenter(session: phone.session)
            let empty = try await together.content()
            #expect(empty.nothing == "У Вас ще немає спільної пари чи групи. Почніть нову або приєднайтеся за запрошенням.")
            let buddy = try empty.models.only { $0.model == "buddy" }
            #expect(![buddy.title, buddy.about, buddy.isNot].contains(""))
            #expect(buddy.roles.map(\.value) == ["newcomer", "buddy", "coordinator"])
            let missing = try await together.does(.beginPairing(model: "buddy", role: "buddy", title: "  "))
            #expect(missing.notice != nil && missing.pairings.isEmpty && missing.begun == nil)
            let begun = try await together.does(.beginPairing(model: "buddy", role: "buddy", title: "Двоє"))
            let pairing = try begun.pairings.only()
            #expect(pairing.leadsTo == begun.begun && pairing.title.plain == "Двоє" && pairing.line == "Зустріч ще не заплановано.")
            #expect(try await together.does(.dismiss).begun == nil)
            let small = try await together.does(.foundGroup(name: "Сусіди", language: "uk", capacity: 1, place: ""))
            #expect(small.notice != nil, "too small a group")
            let founded = try await together.does(.foundGroup(name: "Сусіди", language: "uk", capacity: 12, place: "Бібліотека"))
            let group = try founded.groups.only()
            #expect(group.title.plain == "Сусіди" && group.line.plain == "1 учасник" && founded.nothing == nil)
            #expect(try await together.does(.refresh).pairings.count == 1)
            await phone.close()
        }

        @Test func aModelThatAProgrammeBroughtAlongSaysWhatItSaysItself() async throws {
            let tandem = """
                id = "tandem"
                version = 1
                pass_on = ["coordinator"]
                [[roles]]
                id = "speaker"
                [[steps]]
                id = "agree-on-days"
                who = "speaker"
                day = 0
                window_days = 3
                [texts.en]
                model-tandem = "Language tandem"
                step-agree-on-days = "Agree on two days a week"
                [texts.prs]
                step-agree-on-days = "دو روز هفته را با هم تعیین کنید"
                """
            let phone = Phone(folder["profile"], models: [tandem])
            try await phone.setUp("آمنه", "prs")
            let words = try phone.session.words
            let together = try TogetherPresenter(session: phone.session)
            let offered = try await together.content()
            let model = try offered.models.only { $0.model == "tandem" }
            #expect(model.title == "Language tandem")
            #expect(await words.say { $0.text("app-no-words") } == model.about, "nobody says what it is")
            let english = Spoken(text: "", language: "en", fallback: true, machine: false)
            #expect(try words.language.label(english)?.text == offered.remark)
            let event = TogetherEvent.beginPairing(model: "tandem", role: "speaker", title: "دو نفر")
            guard case .pairing(let id) = try await together.does(event).begun else { throw Unexpected("not begun") }
            let step = "دو روز هفته را با هم تعیین کنید"
            let pairing = try PairingPresenter(session: phone.session, id: id)
            #expect(try await pairing.content { !$0.steps.isEmpty }.steps.only().text == step)
            let today = try TodayPresenter(session: phone.session)
            #expect(try await today.content { !$0.due.isEmpty }.due.only().text == step)
            await phone.close()
        }

        @Test func aPairingThatIsNotHereCanNotBeShownAndTryingAgainWouldNotHelp() async throws {
            let (phone, other) = (Phone(folder["profile"]), Phone(folder["other"]))
            try await phone.setUp("آمنه", "prs")
            try await other.setUp("Olena", "en")
            let elsewhere = try await other.beginPairing("buddy", "buddy", "Two")
            await other.close()
            let nowhere = try await PairingPresenter(session: phone.session, id: elsewhere).known()
            #expect(nowhere == .failed(sentence: "این دیگر اینجا نیست. شاید جابه‌جا یا پاک شده باشد.", canRetry: false))
            let nonsense = try await PairingPresenter(session: phone.session, id: PairingId(value: "nonsense")).known()
            #expect(nonsense.canRetry == false)
            await phone.close()
        }

        @Test func meetingsAndAConflictThatIsKeptAndResolved() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let (mentor, newcomer) = try two.presenters()
            let none = try await mentor.content().meeting
            #expect(none.text == "No meeting is planned yet." && none.startsAtMs == nil)
            let day = try await newcomer.content().days[2]
            #expect(day.day == "2026-11-24" && day.text.contains("قوس"), "\(day.text)")
            let set = try await newcomer.does(.setMeeting(startsAtMs: day.at(hour: 10, minute: 30), place: "کتابخانه")).meeting
            #expect(set.startsAtMs == 1_795_512_600_000 && set.place?.plain == "جای: کتابخانه")
            try await mentor.does(.setMeeting(startsAtMs: startMs + 3 * dayMs, place: "Café"))
            try await two.exchange()
            let conflict = try await newcomer.content { !$0.meeting.choices.isEmpty }.meeting
            #expect(
                conflict.conflict
                    == "دو وقت برای جلسه نگه داشته شد، چون هر دو بدون ارتباط نوشته شده‌اند. لطفاً یکی را انتخاب کنید.")
            let times = conflict.choices.map(\.meeting.startsAtMs)
            #expect(times.count == 2 && times == times.sorted(), "the earliest first")
            #expect(try conflict.choices.only { $0.stands != nil }.meeting.startsAtMs == conflict.startsAtMs)
            #expect(conflict.choices.contains { $0.text.plain.contains("نوشتهٔ Олена") }, "\(conflict.choices)")
            let chosen = try conflict.choices.only { $0.meeting.place == "Café" }.meeting
            let together = try await TogetherPresenter(session: two.newcomer.session).content().pairings.only()
            #expect(together.line == conflict.conflict && together.tone == .ordinary)
            let resolved = try await newcomer.does(.resolveMeeting(choice: chosen))
            #expect(resolved.meeting.conflict == nil && resolved.meeting.choices.isEmpty)
            #expect(resolved.notice?.hasPrefix("تشکر. وقت جلسه: ") == true, "\(resolved.notice ?? "")")
            try await two.exchange()
            let after = try await mentor.content { $0.meeting.place?.plain == "Place: Café" && $0.meeting.conflict == nil }
            #expect(after.meeting.startsAtMs == chosen.startsAtMs)
            await two.close()
        }

        @Test func rolesAndGoals() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let (mentor, newcomer) = try two.presenters()
            let first = try await newcomer.content { $0.people.count == 2 }
            #expect(Set(first.people.map { [$0.name.plain, $0.role ?? ""] }) == [["Олена", "رهنما"], ["شما", "تازه‌رسیده"]])
            #expect(try first.people.only(\.isMe).name == "شما" && first.people.only { !$0.isMe }.hearsFirst)
            #expect(first.roles.isEmpty && first.week != nil && first.waiting == nil)
            let none = try await two.newcomer.session.words.say { $0.text("app-goals-none") }
            #expect(first.noGoals == none)

            let goal = try await newcomer.does(.addGoal(text: "یک کورس زبان پیدا کنم"))
            #expect(goal.notice?.plain == "هدف نو: یک کورس زبان پیدا کنم" && goal.noGoals == nil)
            let mine = try goal.goals.only()
            #expect(mine.isMine && !mine.isReached)
            let done = try await newcomer.does(.finishGoal(goal: mine.goal)).goals.only()
            #expect(done.isReached && done.standing == "به دست آمد")
            try await two.exchange()
            let hers = try await mentor.content { !$0.goals.isEmpty }.goals.only()
            let refused = try await mentor.does(.finishGoal(goal: hers.goal))
            #expect(refused.notice == "Your role here does not allow this. Please ask your coordinator.")
            #expect(try await newcomer.does(.withdrawGoal(goal: hers.goal)).goals.isEmpty)
            #expect(try await mentor.does(.addGoal(text: " ")).notice != nil, "an empty goal")
            await two.close()
        }

        @Test func milestonesStepsContactsAndWhoHearsFirst() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let (mentor, newcomer) = try two.presenters()
            let area = try await newcomer.content().catalogue.first { $0.milestones.contains { $0.value == "first-phone-number" } }
            #expect(area?.milestones.contains(where: \.chosen) == false)
            let reached = try await newcomer.does(.reachMilestone(id: "first-phone-number"))
            #expect(reached.milestones.count == 1)
            #expect(reached.notice?.plain.hasPrefix("یک قدم که شایستهٔ خوشی است: ") == true, "\(reached.notice ?? "")")
            #expect(try reached.catalogue.flatMap(\.milestones).only { $0.value == "first-phone-number" }.chosen)
            let own = try await newcomer.does(.reachOwn(text: "من راه را یافتم")).milestones
            #expect(own.contains { $0.text.plain == "من راه را یافتم" && $0.by == "شما" }, "\(own)")
            #expect(try await newcomer.does(.reachMilestone(id: "no-such-victory")).notice != nil)

            let step = try #require(try await mentor.content { $0.steps.contains(where: \.isMine) }.steps.first(where: \.isMine))
            #expect(step.due.hasPrefix("By ") && step.role == "Mentor", "\(step)")
            let completed = try await mentor.does(.completeStep(step: step.step))
            #expect(!completed.steps.contains { $0.step == step.step } && completed.notice == "Done")

            let logged = try await mentor.does(.logContact(kind: .call, help: .emotional))
            let contact = try logged.contacts.only()
            #expect([contact.kind, contact.help, contact.by] == ["Call", "Someone who listens", "You"])
            #expect(logged.notice == "Saved." && logged.noContacts == nil)
            let other = try logged.people.only { !$0.isMe }
            let responder = try await mentor.does(.setResponder(person: other.person))
            #expect(try responder.people.only(\.hearsFirst).person == other.person && responder.notice == nil)
            #expect(responder.contactKinds.count == 4)
            #expect(responder.helpKinds.map(\.value) == [.emotional, .practical, .companionship, .information])
            #expect(try await mentor.does(.dismiss).notice == nil)
            #expect(try await mentor.does(.refresh).title == responder.title)
            await two.close()
        }

        @Test func theSamePairingInTwoLanguages() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay, mentorLanguage: "uk", newcomerLanguage: "ar")
            let (mentor, newcomer) = try two.presenters()
            let (one, other) = (try await mentor.content(), try await newcomer.content())
            #expect(one.week?.plain == "Тиждень 1" && other.week?.plain.hasPrefix("الأسبوع ") == true)
            #expect(try one.people.only(\.isMe).role == "Наставник" && other.people.only { !$0.isMe }.role == "مرشد")
            #expect(one.remark != nil && one.remark != other.remark)
            await two.close()
        }
    }
}
