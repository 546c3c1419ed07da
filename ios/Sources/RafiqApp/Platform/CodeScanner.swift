import AVFoundation
import RafiqPresenters
import SwiftUI
import UIKit

/// The camera, looking for one QR code. Pictures are neither kept nor sent.
struct CodeScanner: UIViewRepresentable {
    let found: @MainActor (String) -> Void

    /// There is a camera.
    @MainActor static var isPossible: Bool { AVCaptureDevice.default(for: .video) != nil }
    /// Its use was forbidden. (Where it was never asked for, the system asks when the camera opens.)
    @MainActor static var isRefused: Bool { [.denied, .restricted].contains(AVCaptureDevice.authorizationStatus(for: .video)) }

    func makeUIView(context: Context) -> CameraView { CameraView(found: found) }
    func updateUIView(_ view: CameraView, context: Context) {}
    static func dismantleUIView(_ view: CameraView, coordinator: Void) { view.camera.stop() }
}

/// The scanner over the screen, and the way out of it.
struct ScannerSheet: View {
    let labels: Labels
    let found: @MainActor (String) -> Void
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        CodeScanner(found: found)
            .ignoresSafeArea()
            .accessibilityLabel(labels[.scan])
            .safeAreaInset(edge: .bottom) {
                VStack(spacing: Space.middle) {
                    Text(labels.platform("platform-camera-aim")).font(.words).foregroundStyle(Color.ink)
                    MainButton(labels[.cancel]) { dismiss() }
                }
                .padding(Space.large)
                .frame(maxWidth: .infinity)
                .background(Color.paper)
            }
            .environment(\.labels, labels)
            .environment(\.layoutDirection, labels.direction)
            .task {
                // Refused: back to the field, where an invitation can always be pasted.
                if await !AVCaptureDevice.requestAccess(for: .video) { dismiss() }
            }
    }
}

/// What the camera sees.
final class CameraView: UIView {
    let camera: QrCamera
    private let picture = AVCaptureVideoPreviewLayer()

    init(found: @escaping @MainActor (String) -> Void) {
        camera = QrCamera(found: found)
        super.init(frame: .zero)
        camera.show(in: picture)
        picture.videoGravity = .resizeAspectFill
        layer.addSublayer(picture)
        camera.start()
    }

    required init?(coder: NSCoder) { nil }

    override func layoutSubviews() {
        super.layoutSubviews()
        picture.frame = bounds
    }
}

/// A camera that tells the first QR code it sees, once. Starting and stopping it takes time, so that happens on a queue of its own,
/// which alone touches its session.
final class QrCamera: NSObject, AVCaptureMetadataOutputObjectsDelegate, @unchecked Sendable {
    private let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "org.rafiq.camera")
    private let found: @MainActor (String) -> Void
    private var isDone = false

    init(found: @escaping @MainActor (String) -> Void) { self.found = found }

    @MainActor func show(in picture: AVCaptureVideoPreviewLayer) { picture.session = session }

    func start() {
        queue.async { [self] in
            guard let device = AVCaptureDevice.default(for: .video), let input = try? AVCaptureDeviceInput(device: device) else {
                return
            }
            let output = AVCaptureMetadataOutput()
            session.beginConfiguration()
            if session.canAddInput(input), session.canAddOutput(output) {
                session.addInput(input)
                session.addOutput(output)
                output.setMetadataObjectsDelegate(self, queue: queue)
                if output.availableMetadataObjectTypes.contains(.qr) { output.metadataObjectTypes = [.qr] }
            }
            session.commitConfiguration()
            session.startRunning()
        }
    }

    func stop() { queue.async { [self] in session.stopRunning() } }

    func metadataOutput(
        _ output: AVCaptureMetadataOutput, didOutput objects: [AVMetadataObject], from connection: AVCaptureConnection
    ) {
        guard !isDone, let text = objects.lazy.compactMap({ ($0 as? AVMetadataMachineReadableCodeObject)?.stringValue }).first
        else { return }
        isDone = true
        session.stopRunning()
        Task { @MainActor [found] in found(text) }
    }
}
