import Foundation
import Rafiq
import Testing

@testable import Phones
@testable import RafiqPresenters

/// A group, its meetings, and who came.
extension Presenters {
    @MainActor @Suite struct GroupTests {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test func peopleWithoutAPhoneMeetingsPlannedMovedAndCancelled() async throws {
            let phone = Phone(folder["profile"])
            try await phone.setUp("Maria", "en")
            let group = try GroupPresenter(session: phone.session, id: await phone.foundGroup())
            let empty = try await group.content()
            let said = [empty.name, empty.members, empty.place ?? "", empty.noSessions ?? ""].map(\.plain)
            #expect(
                said == ["Neighbours", "1 member", "Place: Library", "No meeting is planned yet."] && empty.modalities.count == 3)
            let added = try await group.does(.addPerson(name: "Ахмад", language: "prs"))
            #expect(added.notice?.plain == "Ахмад is now in the group.")
            #expect(Set(added.people.map(\.name.plain)) == ["Ахмад", "You"])
            #expect(try await group.does(.addPerson(name: "", language: "prs")).notice != nil)

            let planned = try await group.does(.schedule(startsAtMs: startMs + hourMs, place: "Library", modality: .inPerson))
                .sessions.only()
            #expect(planned.modality == "In person" && planned.attendance == nil && planned.conflict == nil)
            let moved = try await group.does(.move(session: planned.session, startsAtMs: startMs + 2 * hourMs))
            #expect(try moved.sessions.only().startsAtMs == startMs + 2 * hourMs)
            #expect(moved.notice?.hasPrefix("The meeting is now at: ") == true, "\(moved.notice ?? "")")
            phone.clock.now += 3 * hourMs
            #expect(try await group.does(.refresh).sessions.only().attendance == .attendance(session: planned.session))
            let cancelled = try await group.does(.cancel(session: planned.session)).sessions.only()
            #expect(cancelled.cancelled == "This meeting does not take place." && cancelled.attendance == nil)
            #expect(try await group.does(.move(session: SessionId(value: "nowhere"), startsAtMs: startMs)).notice != nil)
            #expect(try await group.does(.dismiss).notice == nil)
            let nowhere = try await GroupPresenter(session: phone.session, id: SupportGroupId(value: "nowhere")).known()
            #expect(nowhere.failed != nil)
            await phone.close()
        }

        @Test func twoTimesThatWereKeptAreSettledAndSoAreMarks() async throws {
            let relay = try Relay(folder.url)
            let clock = HandClock()
            let (maria, amina) = (Phone(folder["maria"], clock: clock), Phone(folder["amina"], clock: clock))
            try await maria.setUp("Maria", "en")
            try await amina.setUp("آمنه", "prs")
            func exchange() async throws { for phone in [maria, amina, maria, amina] { try await phone.exchange() } }
            try await SyncPresenter(session: maria.session).does(.setRelay(url: relay.url))
            let id = try await maria.foundGroup()
            try await invite(from: maria, amina, into: id.value)
            let (hers, other) = try (GroupPresenter(session: maria.session, id: id), GroupPresenter(session: amina.session, id: id))
            let planned = try await hers.does(.schedule(startsAtMs: startMs + hourMs, place: "Library", modality: .hybrid))
            let session = try planned.sessions.only().session
            try await exchange()
            _ = try await other.content { !$0.sessions.isEmpty && $0.people.count == 2 }
            try await hers.does(.move(session: session, startsAtMs: startMs + 2 * hourMs))
            try await other.does(.move(session: session, startsAtMs: startMs + 3 * hourMs))
            try await exchange()
            let kept = try await other.content { $0.sessions.first?.times.isEmpty == false }.sessions.only()
            #expect(kept.times.map(\.startsAtMs) == [startMs + 2 * hourMs, startMs + 3 * hourMs], "the earliest first")
            #expect(try kept.times.only { $0.stands != nil }.startsAtMs == kept.startsAtMs && kept.conflict != nil)
            let settled = try await other.does(.resolveTime(session: session, startsAtMs: startMs + 2 * hourMs)).sessions.only()
            #expect(settled.startsAtMs == startMs + 2 * hourMs && settled.conflict == nil)

            clock.now += 4 * hourMs
            let came = try AttendancePresenter(session: maria.session, id: session)
            let also = try AttendancePresenter(session: amina.session, id: session)
            let first = try await came.content()
            #expect(first.counts == ["Nobody is marked as present yet."] && first.unsaved == nil)
            let person = try first.people.only { $0.name.plain == "آمنه" }.person
            let marked = try await came.does(.mark(person: person, presence: .late))
            #expect(marked.counts.map(\.plain) == ["1 person came."] && marked.unsaved?.plain == "1 mark is not saved yet")
            #expect(try marked.people.only { $0.person == person }.marks.chosen() == .late)
            let saved = try await came.does(.save)
            #expect(saved.unsaved == nil && saved.notice == "Saved.")
            #expect(try await came.does(.dismiss).notice == nil)
            try await also.does(.mark(person: person, presence: .came))
            try await also.does(.save)
            try await exchange()
            let both = try await also.content { $0.people.contains { !$0.others.isEmpty } }.people.only { $0.person == person }
            #expect(both.others.count == 1 && Set(both.disputed.map(\.plain)) == ["آمد", "ناوقت آمد"])
            let disputed = ["برای ۱ نفر دو نشانی متفاوت ثبت شده است."]
            #expect(try await also.content().counts.map(\.plain) == disputed, "that somebody came is not said before it is agreed")
            let today = try await TodayPresenter(session: amina.session).content {
                $0.due.contains { $0.id.hasPrefix("conflict/") }
            }
            let conflict = try #require(today.due.first { $0.id.hasPrefix("conflict/") })
            #expect(
                conflict.leadsTo == .attendance(session: session) && conflict.title?.plain == "Neighbours", "it names the group")
            let choosing = try await also.does(.mark(person: person, presence: both.marks.chosen()))
            #expect(choosing.unsaved != nil, "choosing the one that stands settles it")
            #expect(choosing.people.allSatisfy(\.disputed.isEmpty) && choosing.counts.map(\.plain) == ["۱ نفر آمد."])
            #expect(try await also.does(.save).people.allSatisfy(\.others.isEmpty))
            #expect(try await also.does(.refresh).unsaved == nil)
            let nowhere = try await AttendancePresenter(session: maria.session, id: SessionId(value: "nowhere")).known()
            #expect(nowhere.failed != nil)
            await maria.close()
            await amina.close()
        }
    }
}
