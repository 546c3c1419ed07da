import Foundation
import Testing

@testable import Phones
@testable import Rafiq
@testable import RafiqPresenters

extension Presenters {
    @MainActor @Suite struct TodayTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func aFirstDayIsCalmAndSaysSo() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("آمنه", "prs")
            let shown = try await TodayPresenter(session: phone.session).content()
            #expect(shown.date.plain.replacingOccurrences(of: "،", with: "") == "یکشنبه ۱ قوس ۱۴۰۵")
            #expect(shown.nothing == "امروز کاری نیست." && shown.sync == "هنوز هیچ تبادله‌ای نشده است.")
            #expect(shown.openRequests == 0 && shown.requests.isEmpty && shown.due.isEmpty && shown.alerts.isEmpty)
            #expect(try shown.remark == phone.session.words.remark && shown.notice == nil)
            await phone.close()
        }

        /// The floor of a cold start: what the first screen costs beyond opening the profile, whatever is in it.
        @Test func aColdStartAsksLittle() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            await two.close()
            let phone = Phone(folder["mentor"])
            let before = callsToCore.now
            await phone.start()
            let opened = callsToCore.now
            let today = try TodayPresenter(session: phone.session)
            #expect(try await !today.content().due.isEmpty)
            let shown = callsToCore.now
            print("cold start: \(opened - before) calls to open, \(shown - opened) for the first screen")
            #expect(opened - before <= 9 && shown - opened <= 6)
            await phone.close()
        }

        @Test func stepsAreDoneAlertsAreSettledTapsLeadWhereTheyBelong() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay, mentorLanguage: "uk")
            let today = try TodayPresenter(session: two.mentor.session)
            let due = try await today.content { $0.due.contains { $0.completes != nil } }.due
            let step = try #require(due.first { $0.completes != nil })
            #expect(step.leadsTo == .pairing(id: two.pairing) && step.tone == .ordinary)
            #expect(
                step.title?.plain == "Olena & Amina" && step.details.contains { $0.hasPrefix("До:") }, "\(step)")
            #expect(try await !today.does(#require(step.completes)).due.contains { $0.id == step.id })
            let refused = try await today.does(.completeStep(pairing: two.pairing, step: "no-such-step"))
            #expect(refused.notice == "Цього тут більше немає. Можливо, це перенесли або вилучили.")
            #expect(!refused.due.isEmpty, "what is shown stays")
            #expect(try await today.does(.dismiss).notice == nil)

            let checkIn = try CheckInPresenter(session: two.newcomer.session)
            checkIn.on(.chooseFeeling(value: 1))
            checkIn.on(.next)
            checkIn.on(.chooseContact(wish: .today))
            checkIn.on(.chooseShare(share: .pairing(pairing: two.pairing.value)))
            try await checkIn.does(.save)
            try await two.newcomer.exchange()
            try await two.mentor.exchange()
            let alert = try await today.content { !$0.alerts.isEmpty }.alerts.only()
            #expect(alert.text.plain == "آمنه просить зв’язатися сьогодні.")
            #expect(alert.leadsTo == .pairing(id: two.pairing) && alert.unconfirmed == nil)
            #expect(try await today.does(.settle(alert: alert.alert)).alerts.isEmpty)
            let settled = try await today.does(.settle(alert: alert.alert))
            #expect(settled.notice == "Цього тут більше немає. Можливо, це перенесли або вилучили.")
            await two.close()
        }

        @Test func meetingsConflictsAndGoalsAreDueEachWithItsToneAndPlace() async throws {
            let relay = try Relay(folder.url)
            let two = try await Two(folder.url, relay)
            let (mentor, newcomer) = try two.presenters()
            let today = try TodayPresenter(session: two.mentor.session)
            func row(_ kind: String) async throws -> DueRow {
                let due = try await today.content { $0.due.contains { $0.id.hasPrefix(kind) } }.due
                return try #require(due.first { $0.id.hasPrefix(kind) })
            }
            try await mentor.does(.setMeeting(startsAtMs: startMs + dayMs, place: "Library"))
            try await mentor.does(.addGoal(text: "Listen"))
            let meeting = try await row("at/")
            #expect(meeting.text.hasPrefix("Meeting: ") && meeting.details.last?.plain == "Place: Library", "\(meeting)")
            let goal = try await row("goal/")
            #expect(goal.tone == .calm && goal.text.plain == "Your goal: Listen")
            #expect([meeting, goal].allSatisfy { $0.title?.plain == "Olena & Amina" }, "each says of whom it is")
            try await newcomer.does(.setMeeting(startsAtMs: startMs + 2 * dayMs, place: "کتابخانه"))
            try await two.exchange()
            let conflict = try await row("conflict/")
            #expect(
                conflict.text == "Two meeting times were kept, because both were entered without a connection. Please choose one.")
            #expect(conflict.leadsTo == .pairing(id: two.pairing) && conflict.tone == .ordinary)
            await two.close()
        }
    }
}
