import Foundation

/// A real relay in a process of its own: the `rafiq` command, as cargo built it or as RAFIQ_BIN says.
final class Relay {
    let url: String
    private let folder: URL
    private var process: Process

    init(_ folder: URL) throws {
        self.folder = folder
        (process, url) = try Self.start(folder, at: "127.0.0.1:0")
    }

    deinit { Self.end(process) }

    /// Ends it and begins another one at the same address that knows nothing.
    func forget() async throws {
        try await close()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.lastPathComponent.hasPrefix("relay.sqlite") {
            try FileManager.default.removeItem(at: file)
        }
        try begin()
    }

    func restart() async throws {
        try await close()
        try begin()
    }

    func close() async throws {
        Self.end(process)
        for _ in 0..<1000 where process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        if process.isRunning { throw Unexpected("the relay does not end") }
    }

    /// Not asked to end, but ended: a process that is started from here does not hear the question. What it has answered is on its disk.
    private static func end(_ process: Process) {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }  // once it has ended, its number may be another's
    }

    private func begin() throws { process = try Self.start(folder, at: String(url.dropFirst("http://".count))).process }

    private static func start(_ folder: URL, at address: String) throws -> (process: Process, url: String) {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = [
            "relay", "--listen", address, "--until-input-ends", "--database", folder.appendingPathComponent("relay.sqlite").path,
        ]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.count == 1, byte[0] != 0x0a { line += byte }
        let said = String(decoding: line, as: UTF8.self)
        let before = "listening on "
        guard said.hasPrefix(before) else { throw Unexpected("the relay said: \(said)") }
        return (process, String(said.dropFirst(before.count)))
    }

    private static var command: String {
        ProcessInfo.processInfo.environment["RAFIQ_BIN"]
            ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../target/debug/rafiq").standardized.path
    }
}

/// A folder that is thrown away with the test.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    subscript(name: String) -> URL { url.appendingPathComponent(name) }
}

/// The directory that every language's tests read.
let sampleDirectory = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../tests/samples/directory/services.json").standardized
