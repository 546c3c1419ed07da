import Foundation
import Rafiq

/// A clock that always knows the time: what the library asks, and what presenters ask.
public protocol AppClock: HostClock {
    /// Unix ms.
    func nowMs() -> Int64
}

/// The device's clock.
public final class SystemClock: AppClock {
    public init() {}

    public func nowMs() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }
}

/// What the platform gives the presenters.
public struct Host: Sendable {
    /// Where the profile lies.
    public let folder: URL
    /// The platform's secret; without one it lies in a file in ``folder``.
    public let vault: (any KeyVault)?
    /// The language of the device (BCP 47), for before a person has chosen one.
    public let deviceLanguage: @Sendable () -> String
    /// The time zone the person is in now: an IANA name.
    public let zone: @Sendable () -> String
    /// The time.
    public let clock: any AppClock
    /// Carries exchanges to relays.
    public let carrier: any Carrier
    /// Randomness; the system's if left out.
    public let random: (any HostRandom)?
    /// Support models beside those that ship, as TOML.
    public let models: [String]
    /// Waits, in milliseconds: a person types faster than anybody can search.
    public let pause: @Sendable (Int64) async -> Void
    /// How long what somebody has just asked for may still take when the files are to be closed, in milliseconds.
    public let patienceMs: Int64
    /// Whether the line of this moment costs by the amount, as the system says.
    public let metered: @Sendable () -> Bool

    public init(
        folder: URL, vault: (any KeyVault)?, deviceLanguage: @escaping @Sendable () -> String,
        zone: @escaping @Sendable () -> String,
        clock: any AppClock = SystemClock(), carrier: any Carrier = HTTPCarrier(), random: (any HostRandom)? = nil,
        models: [String] = [], pause: @escaping @Sendable (Int64) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) },
        patienceMs: Int64 = 5_000, metered: @escaping @Sendable () -> Bool = { false }
    ) {
        self.folder = folder
        self.vault = vault
        self.deviceLanguage = deviceLanguage
        self.zone = zone
        self.clock = clock
        self.carrier = carrier
        self.random = random
        self.models = models
        self.pause = pause
        self.patienceMs = patienceMs
        self.metered = metered
    }
}
