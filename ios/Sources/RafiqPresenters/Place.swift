import Rafiq

/// Where a tap leads.
public enum Place: Hashable, Sendable {
    case today
    case checkIn
    case checkIns
    case together
    case pairing(id: PairingId)
    case group(id: SupportGroupId)
    case attendance(session: SessionId)
    case search

    /// A service of a directory: the directory's space, and the service's id.
    case service(space: String, id: String)
    case invite(space: String)
    case join
    case sync
    case profile
    case kit
}

/// Where the person is, and the way back. A value: each step gives the next one.
public struct Navigator: Hashable, Sendable {
    /// The tabs, in their order.
    public static let tabs: [Place] = [.today, .checkIn, .together, .search]
    private let stack: [Place]

    /// Begins at today.
    public init() { stack = [.today] }

    private init(_ stack: [Place]) { self.stack = stack }

    /// What is shown.
    public var current: Place { stack[stack.count - 1] }

    /// The tab that ``current`` lies under.
    public var tab: Place { stack[0] }

    /// Whether a step back stays within the app. From every tab the way back leads over today.
    public var canGoBack: Bool { stack.count > 1 || tab != .today }

    /// Opens a place: a tab replaces everything, anything else lies on top. A place that is open already is gone back to.
    public func open(_ place: Place) -> Navigator {
        if Self.tabs.contains(place) { return Navigator([place]) }
        if let at = stack.firstIndex(of: place) { return Navigator(Array(stack[...at])) }
        return Navigator(stack + [place])
    }

    /// One step back. Where there is none, it stays.
    public func back() -> Navigator { stack.count > 1 ? Navigator(stack.dropLast()) : Navigator() }
}
