import CoreImage
import SwiftUI

/// A QR code, dark on white by day and by night, for another phone's camera.
struct QrCode: View {
    private let text: String
    private let label: String

    init(_ text: String, label: String) {
        self.text = text
        self.label = label
    }

    var body: some View {
        if let image = drawn {
            Image(image, scale: 1, label: Text(label))
                .interpolation(.none)
                .resizable()
                .aspectRatio(1, contentMode: .fit)
                .padding(Space.large)
                .background(Color.white, in: .rounded)
                .frame(maxWidth: 340)
                .frame(maxWidth: .infinity)
        }
    }

    private var drawn: CGImage? {
        guard let filter = CIFilter(name: "CIQRCodeGenerator") else { return nil }
        filter.setValue(Data(text.utf8), forKey: "inputMessage")
        filter.setValue("M", forKey: "inputCorrectionLevel")
        return filter.outputImage.flatMap { CIContext().createCGImage($0, from: $0.extent) }
    }
}
