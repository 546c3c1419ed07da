import Rafiq
import RafiqPresenters
import SwiftUI

/// One group: its meetings and its people.
struct GroupScreen: View {
    let presenter: GroupPresenter
    /// For inviting into it.
    let space: String
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.groups], again: { presenter.on(.refresh) }) { content in
            Page(content.name, remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                Text([content.members, content.place ?? ""].filter { !$0.isEmpty }.joined(separator: " · "))
                    .foregroundStyle(Color.softInk)
                sessions(content)
                people(content)
            } main: {
                MainButton(labels[.invite]) { way?.open(.invite(space: space)) }
            }
        }
    }

    private func sessions(_ content: GroupContent) -> some View {
        Part(labels[.sessions]) {
            if let none = content.noSessions { Quiet(none) }
            ForEach(content.sessions, id: \.session.value) { session in
                SessionCard(session: session, days: content.days, send: { presenter.on($0) })
            }
            Foldout(labels[.planMeeting], .clock) { close in
                ScheduleForm(days: content.days, modalities: content.modalities) {
                    presenter.on($0)
                    close()
                }
            }
        }
    }

    private func people(_ content: GroupContent) -> some View {
        Part(labels[.people]) {
            Card { Rows(content.people) { PersonLine(person: $0) } }
            Foldout(labels[.personAdd], .person) { close in
                AddPersonForm(languages: content.languages) {
                    presenter.on($0)
                    close()
                }
            }
        }
    }
}

/// A meeting of the group; where two times were kept, both, to choose from.
private struct SessionCard: View {
    let session: SessionRow
    let days: [DayChoice]
    let send: @MainActor (GroupEvent) -> Void
    @State private var moment = DraftMoment()
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        Card(session.conflict == nil ? .ordinary : .urgent) {
            Row(session.text, lines: [session.place ?? "", session.modality, session.cancelled ?? ""], open: attendance)
            if let conflict = session.conflict {
                Text(conflict)
                ForEach(session.times, id: \.startsAtMs) { time in
                    ChoiceRow(time.text, about: time.stands, chosen: false) {
                        send(.resolveTime(session: session.session, startsAtMs: time.startsAtMs))
                    }
                }
            }
            if session.cancelled == nil, session.attendance == nil {
                Foldout(labels[.sessionMove], .clock) { close in
                    MomentField(days: days, day: $moment.day, time: $moment.time)
                    SideButton(labels[.save], .done) {
                        guard let startsAtMs = moment.startsAtMs(of: days) else { return }
                        send(.move(session: session.session, startsAtMs: startsAtMs))
                        close()
                    }
                }
                AskFirstButton(
                    labels[.sessionCancel], question: labels[.sessionCancelAsk], yes: labels[.sessionCancelYes], of: session.text,
                    no: labels[.sessionCancelNo]
                ) {
                    send(.cancel(session: session.session))
                }
            }
        }
    }

    private var attendance: (@MainActor () -> Void)? {
        guard let place = session.attendance else { return nil }
        return { way?.open(place) }
    }
}

/// A new meeting: when, where, and how one meets.
private struct ScheduleForm: View {
    let days: [DayChoice]
    let modalities: [Choice<Modality>]
    let send: @MainActor (GroupEvent) -> Void
    @State private var moment = DraftMoment()
    @State private var place = ""
    @State private var modality: Int? = 0
    @Environment(\.labels) private var labels

    var body: some View {
        MomentField(days: days, day: $moment.day, time: $moment.time)
        Field(labels[.place], text: $place)
        ForEach(Array(modalities.enumerated()), id: \.offset) { item in
            ChoiceRow(item.element.text, chosen: item.offset == modality) { modality = item.offset }
        }
        SideButton(labels[.save], .done) {
            guard let startsAtMs = moment.startsAtMs(of: days), let modality else { return }
            send(.schedule(startsAtMs: startsAtMs, place: place, modality: modalities[modality].value))
        }
    }
}

/// Somebody without a phone.
private struct AddPersonForm: View {
    let languages: [LanguageChoice]
    let send: @MainActor (GroupEvent) -> Void
    @State private var name = ""
    @State private var language: String?
    @Environment(\.labels) private var labels

    var body: some View {
        Field(labels[.personName], text: $name, kind: .name)
        LanguageList(languages, under: labels[.personLanguage], chosen: tag) { language = $0 }
        SideButton(labels[.add], .add, enabled: !name.isEmpty) { send(.addPerson(name: name, language: tag)) }
    }

    private var tag: String { language ?? languages.first(where: \.chosen)?.tag ?? "en" }
}

#if DEBUG
struct GroupScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.group, in: $0) } }
}
#endif
