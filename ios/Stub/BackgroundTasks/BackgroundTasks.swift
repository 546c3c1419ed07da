// Asking the system to wake the app.

import Foundation

open class BGTaskRequest: NSObject {
    public let identifier: String
    public var earliestBeginDate: Date?
    init(of identifier: String) { self.identifier = identifier }
}
public final class BGAppRefreshTaskRequest: BGTaskRequest {
    public init(identifier: String) { super.init(of: identifier) }
}
public final class BGTaskScheduler: NSObject, @unchecked Sendable {
    public static let shared = BGTaskScheduler()
    public func submit(_ request: BGTaskRequest) throws {}
    public func cancel(taskRequestWithIdentifier identifier: String) {}
}
