import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif
import RafiqBindings

/// Carries an exchange to its relay and brings the answer.
public protocol Carrier: Sendable {
    /// The answer's bytes; any error ends the exchange and loses nothing.
    func carry(_ exchange: Exchange) async throws -> Data
}

/// Over HTTP with URLSession: `POST {relay}/v1/exchange`, `application/cbor`. Throws `RafiqError.Host`: `no-connection`,
/// `relay-<status>`, `too-large`. Cancelling the task ends the connection.
public struct HTTPCarrier: Carrier {
    /// How long the line may be silent, in seconds.
    public var patience: TimeInterval

    public init(patience: TimeInterval = 30) { self.patience = patience }

    public func carry(_ exchange: Exchange) async throws -> Data {
        guard let url = URL(string: exchange.relay + "/v1/exchange") else { throw RafiqError.Host(reason: "no-connection") }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = exchange.bytes
        request.setValue("application/cbor", forHTTPHeaderField: "content-type")
        let settings = URLSessionConfiguration.ephemeral
        settings.timeoutIntervalForRequest = patience
        let answer = Answer()
        let session = URLSession(configuration: settings, delegate: answer, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let body: Result<Data, any Error> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.expect(continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        try Task.checkCancellation()
        return try body.get()
    }
}

/// Gathers one answer, no more of it than a relay gives.
private final class Answer: NSObject, URLSessionDataDelegate, @unchecked Sendable {  // all under the lock
    /// Bytes. A relay gives what the budget asks for, 1 MiB at most.
    private static let largest = 2 << 20
    private let lock = NSLock()
    private var body = Data()
    private var failure: RafiqError?
    private var waiting: CheckedContinuation<Result<Data, any Error>, Never>?
    private var result: Result<Data, any Error>?

    /// A task that was cancelled before it began may have ended by now.
    func expect(_ continuation: CheckedContinuation<Result<Data, any Error>, Never>) {
        let result = lock.withLock { () -> Result<Data, any Error>? in
            if self.result == nil { waiting = continuation }
            return self.result
        }
        if let result { continuation.resume(returning: result) }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)  // a relay has one address; a portal's page is no answer
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let tooLarge = lock.withLock { () -> Bool in
            body.append(data)
            if body.count > Self.largest { failure = .Host(reason: "too-large") }
            return failure != nil
        }
        if tooLarge { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let status = (task.response as? HTTPURLResponse)?.statusCode
        let (continuation, result) = lock.withLock {
            () -> (CheckedContinuation<Result<Data, any Error>, Never>?, Result<Data, any Error>) in
            defer { waiting = nil }
            let result = ended(status, isBroken: error != nil)
            self.result = result
            return (waiting, result)
        }
        continuation?.resume(returning: result)
    }

    private func ended(_ status: Int?, isBroken: Bool) -> Result<Data, any Error> {
        if let failure { return .failure(failure) }
        guard let status, !isBroken else { return .failure(RafiqError.Host(reason: "no-connection")) }
        return status == 200 ? .success(body) : .failure(RafiqError.Host(reason: "relay-\(status)"))
    }
}
