// The parts of UIKit (and of QuartzCore, which it brings along) that RafiqApp touches.

import Foundation

public final class UIColor: NSObject, @unchecked Sendable {
    public init(red: CGFloat, green: CGFloat, blue: CGFloat, alpha: CGFloat) {}
    public init(dynamicProvider: @escaping (UITraitCollection) -> UIColor) {}
}
public enum UIKeyboardType: Int, Sendable { case `default`, asciiCapable }
public enum UIUserInterfaceStyle: Int, Sendable { case unspecified, light, dark }
public final class UITraitCollection: NSObject, @unchecked Sendable {
    public var userInterfaceStyle: UIUserInterfaceStyle { .light }
}

public struct UIBackgroundTaskIdentifier: Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let invalid = UIBackgroundTaskIdentifier(rawValue: 0)
}
@MainActor public final class UIApplication {
    public static let shared = UIApplication()
    public var connectedScenes: Set<UIScene> { [] }
    public var isIdleTimerDisabled = false
    public nonisolated static let significantTimeChangeNotification = Notification.Name(
        "UIApplicationSignificantTimeChangeNotification")
    public func beginBackgroundTask(
        withName name: String?, expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
    ) -> UIBackgroundTaskIdentifier {
        asked += 1
        graces.insert(UIBackgroundTaskIdentifier(rawValue: asked))
        return UIBackgroundTaskIdentifier(rawValue: asked)
    }
    public func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) { graces.remove(identifier) }
    /// Not Apple's: what was asked for and not ended yet, for tests.
    public private(set) var graces: Set<UIBackgroundTaskIdentifier> = []
    private var asked = 0
}
@MainActor public final class UIPasteboard {
    public static let general = UIPasteboard()
    public var string: String?
    public func setItems(_ items: [[String: Any]], options: [OptionsKey: Any] = [:]) {}
    public struct OptionsKey: Hashable, Sendable {
        public static let expirationDate = OptionsKey(), localOnly = OptionsKey()
    }
}

open class CALayer: NSObject {
    public var frame = CGRect.zero
    public func addSublayer(_ layer: CALayer) {}
}
@MainActor open class UIView: NSObject {
    public override init() {}
    public init(frame: CGRect) {}
    public required init?(coder: NSCoder) {}
    public var layer: CALayer { CALayer() }
    public var bounds: CGRect { .zero }
    open func layoutSubviews() {}
    open class var layerClass: AnyClass { CALayer.self }
}
@MainActor open class UIViewController: NSObject {}
@MainActor open class UIScene: NSObject {}
@MainActor open class UIWindowScene: UIScene {}
@MainActor open class UIWindow: UIView {
    public init(windowScene: UIWindowScene) { super.init(frame: .zero) }
    public required init?(coder: NSCoder) { nil }
    public var windowLevel = Level.normal
    public var rootViewController: UIViewController?
    public var isHidden = true
    public struct Level: Hashable, Sendable {
        public static let normal = Level(), alert = Level()
        public static func + (left: Level, right: CGFloat) -> Level { left }
    }
}
public enum UIAccessibility {
    public struct Notification: Sendable { public static let announcement = Notification(), screenChanged = Notification() }
    @MainActor public static func post(notification: Notification, argument: Any?) {}
}
