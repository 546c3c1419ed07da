// Drawing a QR code.

import Foundation

public final class CGImage: @unchecked Sendable {}
public final class CIImage: NSObject, @unchecked Sendable { public var extent: CGRect { .zero } }
public final class CIFilter: NSObject {
    public init?(name: String) { nil }
    public func setValue(_ value: Any?, forKey key: String) {}
    public var outputImage: CIImage? { nil }
}
public final class CIContext: NSObject, @unchecked Sendable {
    public override init() {}
    public func createCGImage(_ image: CIImage, from rect: CGRect) -> CGImage? { nil }
}
