// Watching what line there is.

import Foundation

public final class NWPathMonitor: Sendable {
    public init() {}
    public func start(queue: DispatchQueue) {}
    public var currentPath: NWPath { NWPath() }
}
public struct NWPath: Sendable {
    public enum Status: Sendable { case satisfied, unsatisfied, requiresConnection }
    public var status: Status { .satisfied }
    public var isExpensive: Bool { false }
    public var isConstrained: Bool { false }
}
