// AES-GCM, as RafiqApp uses it.

import Foundation

public protocol ContiguousBytes {}
extension Data: ContiguousBytes {}
public struct SymmetricKeySize: Sendable { public static var bits256: SymmetricKeySize { SymmetricKeySize() } }
public struct SymmetricKey: Sendable, ContiguousBytes {
    public init(size: SymmetricKeySize) {}
    public init(data: some ContiguousBytes) {}
    public func withUnsafeBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
        fatalError("no cryptography here")
    }
}
public enum AES {
    public enum GCM {
        public struct SealedBox: Sendable {
            public init(combined: some DataProtocol) throws {}
            public var combined: Data? { nil }
        }
        public static func seal(_ message: some DataProtocol, using key: SymmetricKey) throws -> SealedBox {
            fatalError("no cryptography here")
        }
        public static func open(_ box: SealedBox, using key: SymmetricKey) throws -> Data { fatalError("no cryptography here") }
    }
}
