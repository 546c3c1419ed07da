import RafiqPresenters
import SwiftUI

/// One pairing: two people and what they are on the way with.
struct PairingScreen: View {
    let presenter: PairingPresenter
    /// For inviting into it.
    let space: String
    @Environment(\.way) private var way
    @Environment(\.labels) private var labels

    var body: some View {
        StateView(presenter.state, title: labels[.pairings], again: { presenter.on(.refresh) }) { content in
            Page(content.title, remark: content.remark, notice: content.notice, dismiss: { presenter.on(.dismiss) }) {
                if let waiting = content.waiting {
                    Quiet(waiting, pictogram: .exchange)
                } else {
                    PairingParts(content: content, send: { presenter.on($0) })
                }
                SideButton(labels[.invite], .add) { way?.open(.invite(space: space)) }
                Text(content.freedom).font(.small).foregroundStyle(Color.softInk)
            } main: {
                if content.waiting == nil { MainButton(labels[.checkInTell]) { way?.open(.checkIn) } }
            }
        }
    }
}

/// The parts of a pairing, one under the other.
private struct PairingParts: View {
    let content: PairingContent
    let send: @MainActor (PairingEvent) -> Void
    @Environment(\.labels) private var labels

    var body: some View {
        if let week = content.week { Text(week).font(.strong).foregroundStyle(Color.deepTeal) }
        if !content.roles.isEmpty {
            Card { ChoiceList(content.roles, under: labels[.roleAsk]) { send(.takeRole(role: $0)) } }
        }
        MeetingPart(meeting: content.meeting, days: content.days, send: send)
        steps
        GoalsPart(content: content, send: send)
        MilestonesPart(content: content, send: send)
        ContactsPart(content: content, send: send)
        people
    }

    private var steps: some View {
        Part(labels[.steps]) {
            if let none = content.noSteps { Quiet(none) }
            ForEach(content.steps, id: \.step) { step in
                Card(step.tone) {
                    Row(step.text, lines: [step.due, step.role, step.checklist ?? ""], tone: step.tone)
                    if step.isMine { SideButton(labels[.done], .done) { send(.completeStep(step: step.step)) } }
                }
            }
        }
    }

    private var people: some View {
        Part(labels[.people]) {
            Card { Rows(content.people) { PersonLine(person: $0) } }
            Foldout(labels[.responderAsk], .person) { close in
                ForEach(content.people, id: \.person.value) { person in
                    ChoiceRow(person.name, chosen: person.hearsFirst) {
                        send(.setResponder(person: person.person))
                        close()
                    }
                }
            }
        }
    }
}

/// Somebody, with their part.
struct PersonLine: View {
    let person: PersonRow
    @Environment(\.labels) private var labels

    var body: some View {
        Row(person.name, lines: [person.isMe ? labels[.you] : "", person.role ?? "", person.hearsFirst ? labels[.hearsFirst] : ""])
    }
}

/// The next meeting; where two were set at once, both, to choose from.
private struct MeetingPart: View {
    let meeting: MeetingContent
    let days: [DayChoice]
    let send: @MainActor (PairingEvent) -> Void
    @State private var moment = DraftMoment()
    @State private var place = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Part(labels[.nextMeeting]) {
            if let conflict = meeting.conflict {
                Card(.urgent) {
                    Text(conflict)
                    ForEach(meeting.choices, id: \.meeting) { option in
                        Row(option.text, lines: [option.place ?? "", option.stands ?? ""])
                        SideButton(labels[.chooseThis], .done) { send(.resolveMeeting(choice: option.meeting)) }
                            .accessibilityHint(option.text)
                    }
                }
            } else {
                Card { Row(meeting.text, lines: [meeting.place ?? ""]) }
            }
            Foldout(labels[.planMeeting], .clock) { close in
                MomentField(days: days, day: $moment.day, time: $moment.time)
                Field(labels[.place], text: $place)
                SideButton(labels[.save], .done) {
                    guard let startsAtMs = moment.startsAtMs(of: days) else { return }
                    send(.setMeeting(startsAtMs: startsAtMs, place: place))
                    close()
                }
            }
        }
    }
}

/// Goals; one's own can be reached or set aside.
private struct GoalsPart: View {
    let content: PairingContent
    let send: @MainActor (PairingEvent) -> Void
    @State private var text = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Part(labels[.goals]) {
            if let none = content.noGoals { Quiet(none) }
            ForEach(content.goals, id: \.goal.value) { goal in
                Card {
                    Row(goal.text, lines: [goal.by, goal.standing])
                    if goal.isMine, !goal.isReached {
                        SideButton(labels[.goalReached], .done) { send(.finishGoal(goal: goal.goal)) }
                        SideButton(labels[.goalSetAside]) { send(.withdrawGoal(goal: goal.goal)) }
                    }
                }
            }
            Foldout(labels[.add]) { close in
                Field(labels[.goalAsk], text: $text, lines: 2)
                SideButton(labels[.save], .done, enabled: !text.isEmpty) {
                    send(.addGoal(text: text))
                    text = ""
                    close()
                }
            }
        }
    }
}

/// Small victories: those that came, and those to choose from.
private struct MilestonesPart: View {
    let content: PairingContent
    let send: @MainActor (PairingEvent) -> Void
    @State private var own = ""
    @Environment(\.labels) private var labels

    var body: some View {
        Part(labels[.milestones]) {
            if let none = content.noMilestones { Quiet(none) }
            if !content.milestones.isEmpty {
                Card { Rows(content.milestones) { Row($0.text, lines: [$0.by, $0.at]) } }
            }
            Foldout(labels[.milestoneAdd]) { close in
                ForEach(content.catalogue, id: \.title) { area in
                    ChoiceList(area.milestones, under: area.title) {
                        send(.reachMilestone(id: $0))
                        close()
                    }
                }
                Field(labels[.milestoneOwn], text: $own, lines: 2)
                SideButton(labels[.save], .done, enabled: !own.isEmpty) {
                    send(.reachOwn(text: own))
                    own = ""
                    close()
                }
            }
        }
    }
}

/// When the two were in touch.
private struct ContactsPart: View {
    let content: PairingContent
    let send: @MainActor (PairingEvent) -> Void
    @State private var kind: Int?
    @State private var help: Int?
    @Environment(\.labels) private var labels

    var body: some View {
        Part(labels[.contacts]) {
            if let none = content.noContacts { Quiet(none) }
            if !content.contacts.isEmpty {
                Card { Rows(content.contacts) { Row($0.kind, lines: [$0.help, $0.at, $0.by]) } }
            }
            Foldout(labels[.contactAdd]) { close in
                DraftChoice(labels[.contactHow], content.contactKinds, chosen: $kind)
                DraftChoice(labels[.contactAbout], content.helpKinds, chosen: $help)
                SideButton(labels[.save], .done, enabled: kind != nil && help != nil) {
                    guard let kind, let help else { return }
                    send(.logContact(kind: content.contactKinds[kind].value, help: content.helpKinds[help].value))
                    close()
                }
            }
        }
    }
}

#if DEBUG
struct PairingScreenPreviews: PreviewProvider {
    static var previews: some View { everyWall { PreviewApp(.pairing, in: $0) } }
}
#endif
