// The app, its scene, and where SwiftUI meets UIKit.

import UIKit

@MainActor @preconcurrency public protocol App {
    associatedtype Body: Scene
    @SceneBuilder var body: Body { get }
    init()
}
extension App { public static func main() {} }

@MainActor @preconcurrency public protocol Scene {
    associatedtype Body: Scene
    @SceneBuilder var body: Body { get }
}
extension Never: Scene {}
@MainActor @resultBuilder public enum SceneBuilder {
    public static func buildBlock<Part: Scene>(_ part: Part) -> Part { part }
}
public struct WindowGroup<Content: View>: Scene {
    public init(@ViewBuilder content: () -> Content) {}
    public var body: Never { fatalError("never shown") }
}
public struct BackgroundTask<Request, Response> {
    public static func appRefresh(_ identifier: String) -> BackgroundTask<Void, Void> { BackgroundTask<Void, Void>() }
}
extension Scene {
    public func backgroundTask(_ task: BackgroundTask<Void, Void>, action: @escaping @Sendable () async -> Void) -> some Scene {
        self
    }
    public func onChange<Value: Equatable>(
        of value: Value, initial: Bool = false, _ action: @escaping @MainActor (_ old: Value, _ new: Value) -> Void
    ) -> some Scene { self }
}

@MainActor @preconcurrency public protocol UIViewRepresentable: Primitive {
    associatedtype UIViewType: UIView
    typealias Context = UIViewRepresentableContext<Self>
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ view: UIViewType, context: Context)
    static func dismantleUIView(_ view: UIViewType, coordinator: Void)
}
extension UIViewRepresentable { public static func dismantleUIView(_ view: UIViewType, coordinator: Void) {} }
public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {}

open class UIHostingController<Content: View>: UIViewController {
    public init(rootView: Content) { super.init() }
}
