package org.rafiq.app.platform

import android.content.Context
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.Image
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.os.Looper
import android.util.Size
import android.view.Surface
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader

/**
 * A camera that tells the first QR code it sees, once, on the main thread; [failed] if there is none to open. Everything of it runs on a
 * thread of its own, which ends with it.
 */
class CodeCamera(
    context: Context,
    private val texture: SurfaceTexture,
    private val found: (String) -> Unit,
    private val failed: () -> Unit,
) {
    private val manager = context.getSystemService(CameraManager::class.java)
    private val thread = HandlerThread("camera").apply { start() }
    private val handler = Handler(thread.looper)
    private val main = Handler(Looper.getMainLooper())
    private val preview = Surface(texture)
    private var reader: ImageReader? = null
    private var device: CameraDevice? = null
    @Volatile private var isDone = false

    /** The pictures' size, as the camera lies in the phone: wider than high. Null before it is opened. */
    var size: Size? = null
        private set

    /** Opens it. The permission is there already. */
    fun open() = attempt {
        val id = back() ?: return@attempt fail()
        val picture = fitting(id) ?: return@attempt fail()
        size = picture
        texture.setDefaultBufferSize(picture.width, picture.height)
        reader = ImageReader.newInstance(picture.width, picture.height, ImageFormat.YUV_420_888, 2).apply {
            setOnImageAvailableListener({ it.acquireLatestImage()?.use(::look) }, handler)
        }
        manager.openCamera(id, watcher, handler)
    }

    /** Closes it and its thread. */
    fun close() {
        isDone = true
        handler.post {
            device?.close()
            reader?.close()
            preview.release()
            thread.quitSafely()
        }
    }

    private val watcher = object : CameraDevice.StateCallback() {
        override fun onOpened(camera: CameraDevice) {
            if (isDone) return camera.close()
            device = camera
            begin(camera)
        }

        override fun onDisconnected(camera: CameraDevice) = fail()
        override fun onError(camera: CameraDevice, error: Int) = fail()
    }

    private fun begin(camera: CameraDevice) = attempt {
        val targets = listOfNotNull(preview, reader?.surface)
        @Suppress("DEPRECATION") // the newer call is not there on Android 8
        camera.createCaptureSession(targets, object : CameraCaptureSession.StateCallback() {
            override fun onConfigured(session: CameraCaptureSession) = attempt {
                val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
                    targets.forEach(::addTarget)
                    set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
                }
                session.setRepeatingRequest(request.build(), null, handler)
            }

            override fun onConfigureFailed(session: CameraCaptureSession) = fail()
        }, handler)
    }

    private fun look(image: Image) {
        if (isDone) return
        val text = read(image) ?: return
        isDone = true
        main.post { found(text) }
    }

    private fun read(image: Image): String? {
        val light = image.planes[0]
        val bytes = ByteArray(light.buffer.remaining()).also(light.buffer::get)
        return readCode(bytes, light.rowStride, image.width, image.height)
    }

    private fun back(): String? = manager.cameraIdList.run {
        firstOrNull { manager.getCameraCharacteristics(it)[CameraCharacteristics.LENS_FACING] == CameraCharacteristics.LENS_FACING_BACK }
            ?: firstOrNull()
    }

    /** Large enough for a code held at arm's length, small enough for a cheap phone. */
    private fun fitting(id: String): Size? {
        val sizes = manager.getCameraCharacteristics(id)[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP]
            ?.getOutputSizes(ImageFormat.YUV_420_888).orEmpty().toList()
        return sizes.filter { it.width <= WIDEST }.maxByOrNull { it.width * it.height } ?: sizes.minByOrNull { it.width * it.height }
    }

    private fun attempt(work: () -> Unit) = try {
        work()
    } catch (_: CameraAccessException) {
        fail()
    } catch (_: SecurityException) { // forbidden by whoever manages the phone
        fail()
    } catch (_: IllegalStateException) { // closed meanwhile
        fail()
    } catch (_: IllegalArgumentException) { // the same of the picture's surface
        fail()
    }

    private fun fail() {
        if (!isDone) main.post(failed)
    }

    private companion object {
        const val WIDEST = 1280
    }
}

/** Reads a QR code from the brightness of a picture; null if there is none. Rows may be longer than the picture is wide. */
internal fun readCode(bytes: ByteArray, row: Int, width: Int, height: Int): String? {
    if (row < width || bytes.size < (height - 1) * row + width) return null
    // The last row may end with the picture.
    val whole = if (bytes.size >= row * height) bytes else bytes.copyOf(row * height)
    return try {
        val source = PlanarYUVLuminanceSource(whole, row, height, 0, 0, width, height, false)
        QRCodeReader().decode(BinaryBitmap(HybridBinarizer(source)), mapOf(DecodeHintType.TRY_HARDER to true)).text
    } catch (_: ReaderException) {
        null
    }
}
