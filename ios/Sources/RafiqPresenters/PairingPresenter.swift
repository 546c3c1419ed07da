import Foundation
import Rafiq

/// A pairing: two people and what they are on the way with.
public struct PairingContent: Equatable, Sendable {
    public let title: String
    /// The pairing itself has not arrived yet, in a sentence; the rest is empty then.
    public let waiting: String?
    /// "Week 3".
    public let week: String?
    /// One may stop at any time.
    public let freedom: String
    public let people: [PersonRow]
    /// The parts to choose from; empty once one has taken one.
    public let roles: [Choice<String>]
    public let meeting: MeetingContent
    public let goals: [GoalRow]
    public let noGoals: String?
    public let milestones: [MilestoneRow]
    public let noMilestones: String?
    public let catalogue: [MilestoneArea]
    public let steps: [StepRow]
    public let noSteps: String?
    public let contacts: [ContactRow]
    public let noContacts: String?
    public let contactKinds: [Choice<ContactKind>]
    public let helpKinds: [Choice<HelpKind>]
    public let days: [DayChoice]
    public let remark: String?
    public internal(set) var notice: String?
}

/// The next meeting, or the ones that were kept.
public struct MeetingContent: Equatable, Sendable {
    /// When, or that none is planned.
    public let text: String
    public let place: String?
    /// For the fields of a new one.
    public let startsAtMs: Int64?
    /// Two were kept, in a sentence.
    public let conflict: String?
    /// The ones to choose from, the earliest first; empty without a conflict.
    public let choices: [MeetingOption]
}

/// A meeting to choose; one of them stands meanwhile, and that is said.
public struct MeetingOption: Equatable, Sendable {
    public let meeting: Meeting
    public let text: String
    public let place: String?
    public let stands: String?
}

/// A goal; one's own can be reached or set aside.
public struct GoalRow: Equatable, Sendable {
    public let goal: GoalId
    public let text: String
    public let by: String
    public let standing: String
    public let isReached: Bool
    public let isMine: Bool
}

/// A small victory.
public struct MilestoneRow: Equatable, Sendable {
    public let id: String
    public let text: String
    public let by: String
    public let at: String
}

/// Small victories to choose from, of one area.
public struct MilestoneArea: Equatable, Sendable {
    public let title: String
    public let milestones: [Choice<String>]
}

/// A step that has begun and is open.
public struct StepRow: Equatable, Sendable {
    public let step: String
    public let text: String
    /// Who does it.
    public let role: String
    /// By when, or since when.
    public let due: String
    /// The list it belongs to.
    public let checklist: String?
    public let tone: Tone
    public let isMine: Bool
}

/// A contact.
public struct ContactRow: Equatable, Sendable {
    public let id: String
    public let kind: String
    public let help: String
    public let at: String
    public let by: String
}

/// What a person does in a pairing.
public enum PairingEvent: Equatable, Sendable {
    case takeRole(role: String)
    case setMeeting(startsAtMs: Int64, place: String)
    case resolveMeeting(choice: Meeting)
    case addGoal(text: String)
    case finishGoal(goal: GoalId)
    case withdrawGoal(goal: GoalId)
    case reachMilestone(id: String)
    case reachOwn(text: String)
    case completeStep(step: String)
    case logContact(kind: ContactKind, help: HelpKind)
    case setResponder(person: PersonRef)
    case refresh
    case dismiss
}

/// One pairing, with everything that two people do there.
public final class PairingPresenter: SessionPresenter<PairingContent, PairingEvent> {
    private let id: PairingId

    public init(session: Session, id: PairingId) {
        self.id = id
        super.init(session: session)
    }

    override func look() async throws -> UiState<PairingContent> {
        let (id, now, zone) = (id, session.nowMs, session.zone)
        let pairing = try await session.ask { try await $0.mentoring.get(pairing: id) }
        let goals = try await session.ask { try await $0.mentoring.goals(pairing: id) }
        let milestones = try await session.ask { try await $0.mentoring.milestones(pairing: id) }
        let plan = try await session.ask { try await $0.mentoring.plan(pairing: id, nowMs: now, weeksAhead: 0, zone: zone) }
        let contacts = try await session.ask { try await $0.mentoring.contacts(pairing: id, limit: Self.mostContacts) }
        let model = try await session.models().first { $0.id == pairing.model }
        let steps = plan.filter { !$0.done }
        let isHere = !pairing.model.isEmpty
        return await session.words.say { say in
            let names = names(say, pairing)
            let week = (now - pairing.startedAtMs) / Self.weekMs + 1
            return .content(
                PairingContent(
                    title: apart(pairing.title),
                    waiting: isHere ? nil : say.text("app-not-arrived"),
                    week: isHere && pairing.startedAtMs <= now ? say.text("pairing-week", ["week": .count(week)]) : nil,
                    freedom: say.text("pairing-no-reason-needed"),
                    people: people(say, pairing, names),
                    roles: pairing.myRole != nil ? [] : (model?.roles ?? []).map { Choice($0.id, say.role($0.id)) },
                    meeting: meeting(say, pairing.nextMeeting, zone),
                    goals: goals.map { goal(say, $0, names) },
                    noGoals: goals.isEmpty ? say.text("app-goals-none") : nil,
                    milestones: milestones.map { milestone(say, $0, names, zone) },
                    noMilestones: milestones.isEmpty ? say.text("app-milestones-none") : nil,
                    catalogue: catalogue(say, model, milestones),
                    steps: steps.map { step(say, $0, now, zone) },
                    noSteps: steps.isEmpty ? say.text("app-steps-none") : nil,
                    contacts: contacts.map { contact(say, $0, names, zone) },
                    noContacts: contacts.isEmpty ? say.text("app-contacts-none") : nil,
                    contactKinds: ContactKind.all.map { Choice($0, say.contactKind($0)) },
                    helpKinds: HelpKind.all.map { Choice($0, say.help($0)) },
                    days: say.days(from: now, zone: zone),
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: PairingEvent) async throws {
        let (id, words, zone) = (id, session.words, session.zone)
        switch event {
        case .takeRole(let role): _ = try await session.ask { try await $0.mentoring.takeRole(pairing: id, role: role) }
        case .setMeeting(let startsAtMs, let place):
            let meeting = Meeting(startsAtMs: startsAtMs, zone: zone, place: trimmed(place))
            try await session.ask { try await $0.mentoring.setNextMeeting(pairing: id, meeting: meeting) }
        case .resolveMeeting(let choice):
            try await session.ask { try await $0.mentoring.resolveNextMeeting(pairing: id, meeting: choice) }
            notice = await words.say { $0.text("conflict-resolved", ["date": momentOf(choice.startsAtMs, zone)]) }
        case .addGoal(let text):
            let goal = try await session.ask { try await $0.mentoring.addGoal(pairing: id, text: trimmed(text)) }
            notice = await words.say { $0.text("goal-added", ["goal": .written(goal.text)]) }
        case .finishGoal(let goal): try await session.ask { try await $0.mentoring.finishGoal(goal: goal) }
        case .withdrawGoal(let goal): try await session.ask { try await $0.mentoring.withdrawGoal(goal: goal) }
        case .reachMilestone(let milestone): try await reach(.catalogue(id: milestone))
        case .reachOwn(let text): try await reach(.own(text: trimmed(text)))
        case .completeStep(let step):
            try await session.ask { try await $0.mentoring.completeStep(pairing: id, step: step) }
            notice = words[.done]
        case .logContact(let kind, let help):
            let new = NewContact(kind: kind, help: help, atMs: session.nowMs)
            _ = try await session.ask { try await $0.mentoring.logContact(pairing: id, new) }
            notice = await words.say { $0.text("app-saved") }
        case .setResponder(let person): try await session.ask { try await $0.mentoring.setResponder(pairing: id, person: person) }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: PairingContent, _ notice: String?) -> PairingContent { with(content) { $0.notice = notice } }

    private func reach(_ milestone: Milestone) async throws {
        let id = id
        _ = try await session.ask { try await $0.mentoring.reachMilestone(pairing: id, milestone: milestone) }
        let name = await session.words.say { self.milestone($0, milestone) }
        notice = await session.words.say { $0.text("milestone-reached", ["milestone": .formatted(value: name)]) }
    }

    private func names(_ say: Sayer, _ pairing: Pairing) -> [PersonRef: String] {
        let you = say.text("app-you")
        let names = pairing.people.map { ($0.person, $0.person == session.me ? you : apart($0.name)) }
        return Dictionary(names) { _, last in last }
    }

    private func people(_ say: Sayer, _ pairing: Pairing, _ names: [PersonRef: String]) -> [PersonRow] {
        pairing.people.map {
            PersonRow(
                person: $0.person, name: names[$0.person] ?? "", role: $0.role.map { say.role($0) } ?? say.text("app-part-open"),
                isMe: $0.person == session.me, hearsFirst: $0.person == pairing.responder)
        }
    }

    private func meeting(_ say: Sayer, _ next: NextMeeting?, _ zone: String) -> MeetingContent {
        guard let next else {
            return MeetingContent(text: say.text("session-none"), place: nil, startsAtMs: nil, conflict: nil, choices: [])
        }
        let kept = next.others.isEmpty ? [] : ([next.value] + next.others).sorted { $0.meeting.startsAtMs < $1.meeting.startsAtMs }
        let meeting = next.value.meeting
        return MeetingContent(
            text: say.moment(meeting.startsAtMs, zone), place: say.place(meeting.place), startsAtMs: meeting.startsAtMs,
            conflict: kept.isEmpty ? nil : say.text("conflict-meeting-time"),
            choices: kept.map {
                let values = ["date": momentOf($0.meeting.startsAtMs, zone), "name": Arg.written($0.byName)]
                return MeetingOption(
                    meeting: $0.meeting, text: say.text("conflict-meeting-choice", values), place: say.place($0.meeting.place),
                    stands: $0 == next.value ? say.text("conflict-stands") : nil)
            })
    }

    private func goal(_ say: Sayer, _ goal: Goal, _ names: [PersonRef: String]) -> GoalRow {
        let isReached = goal.doneAtMs != nil
        return GoalRow(
            goal: goal.id, text: goal.text, by: names[goal.by] ?? "", standing: say.text(isReached ? "goal-reached" : "goal-open"),
            isReached: isReached, isMine: goal.by == session.me)
    }

    private func milestone(_ say: Sayer, _ milestone: Milestone) -> String {
        switch milestone {
        case .catalogue(let id): say.text("milestone-\(id)")
        case .own(let text): apart(text)
        }
    }

    private func milestone(_ say: Sayer, _ reached: ReachedMilestone, _ names: [PersonRef: String], _ zone: String) -> MilestoneRow
    {
        MilestoneRow(
            id: reached.id, text: milestone(say, reached.milestone), by: names[reached.by] ?? "",
            at: say.text("app-date", ["date": dayOf(reached.atMs, zone)]))
    }

    /// By area, in the catalogue's order.
    private func catalogue(_ say: Sayer, _ model: SupportModelInfo?, _ reached: [ReachedMilestone]) -> [MilestoneArea] {
        let known = Set(reached.compactMap { if case .catalogue(let id) = $0.milestone { id } else { nil } })
        let milestones = model?.milestones ?? []
        let areas = milestones.map(\.area).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return areas.map { area in
            let choices = milestones.filter { $0.area == area }.map {
                Choice($0.id, say.text("milestone-\($0.id)"), known.contains($0.id))
            }
            return MilestoneArea(title: say.text("area-\(area)"), milestones: choices)
        }
    }

    private func step(_ say: Sayer, _ step: PlanStep, _ now: Int64, _ zone: String) -> StepRow {
        StepRow(
            step: step.id, text: say.text(step.textId), role: say.role(step.role), due: say.due(step.dueByMs, now, zone),
            checklist: step.checklist.map { say.text("checklist-\($0)") }, tone: tone(isWatch: step.isWatch, step.dueByMs, now),
            isMine: step.isMine)
    }

    private func contact(_ say: Sayer, _ contact: Contact, _ names: [PersonRef: String], _ zone: String) -> ContactRow {
        ContactRow(
            id: contact.id, kind: say.contactKind(contact.kind), help: say.help(contact.help), at: say.moment(contact.atMs, zone),
            by: names[contact.by] ?? "")
    }

    private static let weekMs: Int64 = 7 * 24 * 60 * 60 * 1000

    /// Enough to see how one has been in touch; all of them stay in the store.
    private static let mostContacts = 50
}
