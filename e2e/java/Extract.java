import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Extracts an archive by its central directory, then reads it as a stream, and demands that both say the same. */
public class Extract {
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[1]);
        Map<String, Long> byDirectory = new HashMap<>();
        try (ZipFile archive = new ZipFile(arguments[0])) {
            Enumeration<? extends ZipEntry> entries = archive.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path path = target.resolve(entry.getName()).normalize();
                check(path.startsWith(target), "leaves the target", entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    byDirectory.put(entry.getName(), 0L);
                    continue;
                }
                Files.createDirectories(path.getParent());
                try (InputStream content = archive.getInputStream(entry)) {
                    Files.copy(content, path);
                }
                check(Files.size(path) == entry.getSize(), "has another size", entry.getName());
                check(byDirectory.put(entry.getName(), entry.getCrc()) == null, "comes twice", entry.getName());
            }
        }
        int streamed = 0;
        byte[] buffer = new byte[65536];
        try (ZipInputStream stream = new ZipInputStream(new FileInputStream(arguments[0]))) {
            for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
                CRC32 crc = new CRC32();
                for (int count = stream.read(buffer); count > 0; count = stream.read(buffer)) {
                    crc.update(buffer, 0, count);
                }
                Long expected = byDirectory.get(entry.getName());
                check(expected != null && expected == crc.getValue(), "differs in the stream", entry.getName());
                streamed++;
            }
        }
        check(streamed == byDirectory.size(), "entries came in the stream, the directory has another number", "" + streamed);
    }

    private static void check(boolean holds, String complaint, String name) {
        if (!holds) {
            throw new IllegalStateException(name + " " + complaint);
        }
    }
}
