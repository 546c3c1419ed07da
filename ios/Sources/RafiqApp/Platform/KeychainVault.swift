import CryptoKit
import Foundation
import Rafiq
import Security

/// The profile's secret under a key in the Keychain. The key never leaves this phone: it is in no backup and in no iCloud Keychain, and
/// it can be read once the phone has been unlocked after a start, so that an exchange in the background finds it.
///
/// A restored or new phone does not have the key: `KeyGone`, and the app says so. Deleting the app leaves the key; an empty folder is
/// simply wrapped under it anew.
public final class KeychainVault: KeyVault {
    private let account: String

    /// `account` tells several profiles of one app apart.
    public init(account: String = "profile") { self.account = account }

    /// Seals `secret` with AES-GCM under the Keychain's key, making that key if there is none.
    public func wrap(secret: Data) throws -> Data {
        let sealed = try attempt("seal") { try AES.GCM.seal(secret, using: try key() ?? makeKey()).combined }
        guard let sealed else { throw HostError.Failed(reason: "seal") }
        return sealed
    }

    /// Opens what ``wrap(secret:)`` gave. `KeyGone` if the Keychain no longer holds the key.
    public func unwrap(wrapped: Data) throws -> Data {
        guard let key = try key() else { throw HostError.KeyGone }
        return try attempt("unseal") { try AES.GCM.open(try AES.GCM.SealedBox(combined: wrapped), using: key) }
    }

    /// Forgets the key: what was sealed under it is unreadable from now on.
    public func delete() throws {
        let status = SecItemDelete(item as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw Self.failure(status) }
    }

    private var item: [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: "org.rafiq.vault",
            kSecAttrAccount as String: account,
            kSecAttrSynchronizable as String: false,
        ]
    }

    private func key() throws -> SymmetricKey? {
        var query = item
        query[kSecReturnData as String] = true
        query[kSecMatchLimit as String] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let bytes = found as? Data else { throw Self.failure(status) }
        return SymmetricKey(data: bytes)
    }

    private func makeKey() throws -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        var new = item
        new[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        new[kSecValueData as String] = key.withUnsafeBytes { Data($0) }
        let status = SecItemAdd(new as CFDictionary, nil)
        guard status == errSecSuccess else { throw Self.failure(status) }
        return key
    }

    private func attempt<Answer>(_ place: String, _ work: () throws -> Answer) throws -> Answer {
        do { return try work() } catch let error as HostError { throw error } catch { throw HostError.Failed(reason: place) }
    }

    /// Not readable yet (before the first unlocking) is no loss: it will be tried again.
    private static func failure(_ status: OSStatus) -> HostError { .Failed(reason: "keychain \(status)") }
}
