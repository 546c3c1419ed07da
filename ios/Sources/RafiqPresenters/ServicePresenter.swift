import Foundation
import Rafiq

/// Everything a person needs of one service.
public struct ServiceContent: Equatable, Sendable {
    public let name: String
    public let organization: String
    /// What to know right now.
    public let alert: String?
    /// It is closed, in a sentence.
    public let closed: String?
    public let description: String
    /// The description is not in the person's language, in a sentence.
    public let descriptionRemark: String?
    public let freshness: String
    public let tone: Tone
    public let phones: [PhoneRow]
    /// The number to call, for the main action; nil where none can be dialled, and while it is closed.
    public let main: PhoneRow?
    /// As listed, a line each.
    public let hours: [String]
    /// A place each, in lines.
    public let places: [[String]]
    /// For whom, how to apply, what it costs, what to bring, …
    public let sections: [ServiceSection]
    public let languages: [String]
    public let website: String?
    public let email: String?
    public let reports: [Choice<ReportKind>]
    public let remark: String?
    public internal(set) var notice: String?
}

/// A telephone number.
public struct PhoneRow: Equatable, Sendable {
    /// As the source wrote it, always left to right.
    public let number: String
    /// "Call: …", for the button and the screen reader.
    public let call: String
    /// For the dialler; empty when it cannot be dialled.
    public let dial: String
    public let description: String
}

/// A heading and its lines.
public struct ServiceSection: Equatable, Sendable {
    public let title: String
    public let lines: [String]
}

/// What a person tells of a service.
public enum ServiceEvent: Equatable, Sendable {
    case report(kind: ReportKind, note: String)
    case refresh
    case dismiss
}

/// One service of a directory.
public final class ServicePresenter: SessionPresenter<ServiceContent, ServiceEvent> {
    private let space: String
    private let id: String

    public init(session: Session, space: String, id: String) {
        (self.space, self.id) = (space, id)
        super.init(session: session)
    }

    override func look() async throws -> UiState<ServiceContent> {
        let (space, id) = (space, id)
        let language = session.words.tag.components(separatedBy: "-u-")[0]
        let service = try await session.ask { try await $0.directory.service(space: space, id: id, language: language) }
        return await session.words.say { say in
            let closed = say.closed(service.status)
            let phones = service.phones.map { phone(say, $0) }
            return .content(
                ServiceContent(
                    name: apart(service.name.text),
                    organization: written(service.organization),
                    alert: service.alert?.text,
                    closed: closed,
                    description: written(service.description),
                    descriptionRemark: service.description?.fallback == true ? say.text("app-other-language") : nil,
                    freshness: say.freshness(service.freshness, service.assuredDate),
                    tone: tone(service.freshness),
                    phones: phones,
                    main: closed == nil ? phones.first { !$0.dial.isEmpty } : nil,
                    hours: service.schedules.flatMap { hours(say, $0) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
                    places: service.places.map(place).filter { !$0.isEmpty },
                    sections: sections(say, service),
                    languages: languageNames(service.languages),
                    website: nonempty(service.url).map(leftToRight),
                    email: nonempty(service.email).map(leftToRight),
                    reports: [
                        Choice(.wrongNumber, say.text("directory-report-wrong-number")),
                        Choice(.closed, say.text("directory-report-closed")),
                        Choice(.other, say.text("directory-report-other")),
                    ],
                    remark: say.remark,
                    notice: notice))
        }
    }

    override func perform(_ event: ServiceEvent) async throws {
        switch event {
        case .report(let kind, let note):
            let (space, id) = (space, id)
            try await session.ask { try await $0.directory.report(space: space, id: id, kind: kind, note: trimmed(note)) }
            notice = await session.words.say { $0.text("directory-report-thanks") }
        case .refresh, .dismiss: break
        }
    }

    override func noted(_ content: ServiceContent, _ notice: String?) -> ServiceContent { with(content) { $0.notice = notice } }

    private func phone(_ say: Sayer, _ phone: ServicePhone) -> PhoneRow {
        PhoneRow(
            number: leftToRight([phone.number, phone.extension].filter { !$0.isEmpty }.joined(separator: " – ")),
            call: say.text("directory-call", ["phone": .phone(value: phone.number)]), dial: phone.dial,
            description: phone.description)
    }

    /// A line a weekday, as the source lists it; what it says in words stands as it is.
    private func hours(_ say: Sayer, _ schedule: ServiceSchedule) -> [String] {
        var lines: [String] = []
        if !schedule.opensAt.isEmpty || !schedule.closesAt.isEmpty {
            let days = schedule.byday.components(separatedBy: ",").map(trimmed).filter { !$0.isEmpty }
            lines = days.map {
                let values = ["day": Arg.written($0), "opens": .written(schedule.opensAt), "closes": .written(schedule.closesAt)]
                return say.text("app-hours-line", values)
            }
            if lines.isEmpty { lines = [leftToRight("\(schedule.opensAt) – \(schedule.closesAt)")] }
        }
        return lines + [schedule.description, schedule.notes].filter { !$0.isEmpty }.map(apart)
    }

    private func place(_ place: ServicePlace) -> [String] {
        [
            place.name, place.address1, place.address2, trimmed("\(place.postalCode) \(place.city)"), place.transportation,
            place.accessibility, place.url,
        ].filter { !$0.isEmpty }.map(apart)
    }

    private func sections(_ say: Sayer, _ service: Service) -> [ServiceSection] {
        let all = [
            ("app-for-whom", [written(service.eligibilityDescription)]),
            ("app-how-to-apply", [written(service.applicationProcess)]),
            ("app-costs", [written(service.feesDescription)] + service.costs),
            ("app-to-bring", service.requiredDocuments),
            ("app-interpreting", [written(service.interpretationServices)]),
            ("app-waiting-time", [written(service.waitTime)]),
        ]
        return all.compactMap { title, lines in
            let lines = lines.filter { !$0.isEmpty }
            return lines.isEmpty ? nil : ServiceSection(title: say.text(title), lines: lines)
        }
    }

    private func written(_ text: ServiceText?) -> String { text?.text ?? "" }
}
