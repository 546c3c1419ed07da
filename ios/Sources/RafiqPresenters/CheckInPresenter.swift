import Foundation
import Rafiq

/// A check-in on its way: three taps.
public struct CheckInContent: Equatable, Sendable {
    public let step: CheckInStep
    /// What this step asks; the heading.
    public let question: String
    public let faces: [FaceChoice]
    public let helps: [Choice<HelpKind>]
    public let contacts: [Choice<ContactWish>]
    public let shareQuestion: String
    /// Nobody else first, then each pairing.
    public let shares: [Choice<Share>]
    public let noteQuestion: String
    public internal(set) var note: String
    /// After saving: that it is kept, and who will see it.
    public let kept: String?
    /// After asking for contact today: what to do in danger.
    public let danger: String?
    public let remark: String?
    public internal(set) var notice: String?
}

/// The steps of a check-in.
public enum CheckInStep: Sendable, CaseIterable { case feeling, help, contact, kept }

/// One of five faces.
public struct FaceChoice: Equatable, Sendable {
    /// 1 (very hard) to 5 (very good).
    public let value: Int
    public let text: String
    /// For a screen reader.
    public let description: String
    public let chosen: Bool
}

/// What a person does in a check-in.
public enum CheckInEvent: Equatable, Sendable {
    /// 1 to 5; goes on to the next step.
    case chooseFeeling(value: Int)
    case toggleHelp(help: HelpKind)
    case chooseContact(wish: ContactWish)
    case chooseShare(share: Share)
    case writeNote(note: String)
    case next
    case back
    case save
    case again
    case dismiss
}

/// A check-in: a face, what would help, whether someone shall get in touch. Nobody else sees it unless one says so.
public final class CheckInPresenter: SessionPresenter<CheckInContent, CheckInEvent> {
    private var draft = Draft()
    private var kept: Kept?

    override public init(session: Session) { super.init(session: session) }

    override func act(_ event: CheckInEvent) async {
        if case .writeNote(let note) = event {  // at every key: nothing has to be read again
            draft.note = note
            edit { $0.note = note }
        } else {
            await super.act(event)
        }
    }

    override func perform(_ event: CheckInEvent) async throws {
        if case .again = event {
            draft = Draft()
            kept = nil
        }
        if kept != nil { return }
        switch event {
        case .chooseFeeling(let value):
            if Feeling.all.indices.contains(value - 1) { draft.feeling = Feeling.all[value - 1] }
            draft.step = .help
        case .toggleHelp(let help): draft.helps.formSymmetricDifference([help])
        case .chooseContact(let wish): draft.contact = wish
        case .chooseShare(let share): draft.share = share
        case .next: if draft.feeling != nil { draft.step = .contact }
        case .back: draft.step = draft.step == .contact ? .help : .feeling
        case .save: try await save()
        case .writeNote, .again, .dismiss: break
        }
    }

    override func noted(_ content: CheckInContent, _ notice: String?) -> CheckInContent { with(content) { $0.notice = notice } }

    private func save() async throws {
        guard let feeling = draft.feeling, draft.step == .contact else { return }
        let helps = HelpKind.all.filter(draft.helps.contains)
        let new = NewCheckIn(feeling: feeling, helps: helps, contact: draft.contact, share: draft.share, note: draft.note)
        _ = try await session.ask { try await $0.checkIns.record(new) }
        kept = Kept(contact: draft.contact, share: draft.share)
        draft = Draft(step: .kept)
    }

    override func look() async throws -> UiState<CheckInContent> {
        let pairings = try await session.ask { try await $0.mentoring.list() }
        return await session.words.say { say in
            .content(
                CheckInContent(
                    step: draft.step,
                    question: say.text(question),
                    faces: Feeling.all.enumerated().map { index, feeling in
                        FaceChoice(
                            value: index + 1, text: say.feeling(feeling),
                            description: say.text("\(feelingId(feeling)).description"),
                            chosen: feeling == draft.feeling)
                    },
                    helps: HelpKind.all.map { Choice($0, say.help($0), draft.helps.contains($0)) },
                    contacts: ContactWish.all.map { Choice($0, say.wish($0), $0 == draft.contact) },
                    shareQuestion: say.text("check-in-ask-share"),
                    shares: [Choice(.private, say.text("share-private"), draft.share == .private)]
                        + pairings.map {
                            let share = Share.pairing(pairing: $0.id.value)
                            return Choice(share, say.text("app-share-with", ["pairing": .written($0.title)]), share == draft.share)
                        },
                    noteQuestion: say.text("check-in-ask-note"),
                    note: draft.note,
                    kept: kept.map { sentence(say, $0, pairings) },
                    danger: kept?.contact == .today ? say.text("check-in-if-danger") : nil,
                    remark: say.remark,
                    notice: notice))
        }
    }

    private var question: String {
        switch draft.step {
        case .feeling: "check-in-ask-feeling"
        case .help: "check-in-ask-help"
        case .contact: "check-in-ask-contact"
        case .kept: "check-in-title"
        }
    }

    private func sentence(_ say: Sayer, _ kept: Kept, _ pairings: [Pairing]) -> String {
        guard case .pairing(let id) = kept.share else { return say.text("check-in-kept-private") }
        guard let pairing = pairings.first(where: { $0.id.value == id }) else { return say.text("app-saved") }
        let others = pairing.people.filter { $0.person != session.me }
        let hearer = others.first { $0.person == pairing.responder } ?? (others.count == 1 ? others.first : nil)
        let name = Arg.written(hearer?.name ?? pairing.title)
        return say.text(kept.contact == .today ? "check-in-contact-today-noted" : "check-in-kept-shared", ["name": name])
    }

    private struct Draft {
        var step = CheckInStep.feeling
        var feeling: Feeling?
        var helps: Set<HelpKind> = []
        var contact = ContactWish.no
        var share = Share.private
        var note = ""
    }

    private struct Kept {
        let contact: ContactWish
        let share: Share
    }
}
