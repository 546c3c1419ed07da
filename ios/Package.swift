// swift-tools-version:6.0
// The app for iOS: RafiqPresenters (pure Swift, everywhere), RafiqApp (SwiftUI). On Linux RafiqApp is type-checked against the
// stand-ins of Stub, one module for each of Apple's frameworks that it uses.
import PackageDescription

let rafiq = Target.Dependency.product(name: "Rafiq", package: "swift")

#if os(Linux)
let frameworks = [
    "SwiftUI", "UIKit", "Security", "CryptoKit", "BackgroundTasks", "UserNotifications", "AVFoundation", "CoreImage", "Network",
]
let among: [String: [Target.Dependency]] = ["SwiftUI": ["UIKit", "CoreImage"], "AVFoundation": ["UIKit"]]
let stubs: [Target] =
    frameworks.map { .target(name: $0, dependencies: among[$0] ?? [], path: "Stub/\($0)") } + [
        .executableTarget(name: "RafiqMain", dependencies: ["RafiqApp", "SwiftUI"], path: "App/Sources"),
        .testTarget(name: "RafiqAppTests", dependencies: ["RafiqApp", "RafiqPresenters", rafiq]),
    ]
#else
let frameworks: [String] = []
let stubs: [Target] = []
#endif

let package = Package(
    name: "RafiqApp",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "RafiqPresenters", targets: ["RafiqPresenters"]),
        .library(name: "RafiqApp", targets: ["RafiqApp"]),
    ],
    dependencies: [.package(path: "../bindings/swift")],
    targets: [
        .target(name: "RafiqPresenters", dependencies: [rafiq]),
        .target(name: "RafiqApp", dependencies: ["RafiqPresenters", rafiq] + frameworks.map { .byName(name: $0) }),
        .testTarget(name: "RafiqPresentersTests", dependencies: ["RafiqPresenters", "Phones", rafiq]),
        // What the tests and the player of tests/scenarios stand on.
        .target(name: "Phones", dependencies: ["RafiqPresenters", rafiq], path: "Tests/Phones"),
        .executableTarget(name: "play-presenters", dependencies: ["RafiqPresenters", "Phones", rafiq], path: "Tests/Play"),
    ] + stubs,
    swiftLanguageModes: [.v6]
)
