// swift-tools-version:6.0
// Rafiq for Swift: the wrapper in Sources/Rafiq; RafiqBindings and CRafiq are generated (tests/tools/build-bindings.sh).
// Where the library lies is said by whoever builds (tests/tools/swift.sh), not here. On a Mac it comes as an XCFramework, for phone,
// simulator and Mac, once ios/tools/xcframework.sh has made it.
import Foundation
import PackageDescription

#if os(macOS)
let isFramed = FileManager.default.fileExists(atPath: Context.packageDirectory + "/CRafiq.xcframework")
#else
let isFramed = false
#endif

let package = Package(
    name: "Rafiq",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Rafiq", targets: ["Rafiq"])],
    targets: [
        isFramed ? .binaryTarget(name: "CRafiq", path: "CRafiq.xcframework") : .systemLibrary(name: "CRafiq"),
        // Generated: imported by nothing but Rafiq.
        .target(name: "RafiqBindings", dependencies: ["CRafiq"], swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(name: "Rafiq", dependencies: ["RafiqBindings"]),
        .testTarget(name: "RafiqTests", dependencies: ["Rafiq"]),
        .executableTarget(name: "play", dependencies: ["Rafiq"], path: "Tests/Play"),  // plays tests/scenarios
    ],
    swiftLanguageModes: [.v6]
)
