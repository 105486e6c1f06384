package dev.semblance.harness.guest.images;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.KernelImage;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds and reads guest images: those that a user names, those that ship, and those that a trace was made with. One thread uses it. */
public final class GuestImages {

    private static final Pattern SHIPPED_NAME = Pattern.compile("([a-z0-9]+/)?[A-Za-z0-9_][A-Za-z0-9._-]*");
    /** A kernel and an initrd that ship and run on one kind of hart. */
    private record ShippedGuest(ImageSource kernel, ImageSource initrd) {

        static final ShippedGuest OF_32 = of("Image", "rootfs.cpio");
        static final ShippedGuest OF_64 = of("rv64/Image-small", "rv64/initrd-plain.cpio");

        private static ShippedGuest of(String kernel, String initrd) {
            return new ShippedGuest(new ImageSource.Shipped(kernel), new ImageSource.Shipped(initrd));
        }

        static ShippedGuest of(MachineSettings machine) {
            boolean of64 = machine.saidProfile().isPresent()
                    && machine.saidProfile().get() == Profile.VIRT
                    && machine.isa().orElse(Isa.RV64GC) == Isa.RV64GC;
            return of64 ? OF_64 : OF_32;
        }
    }

    private final Optional<Path> guestFolder;
    private final ImageCache cache;
    private final Identities identities;

    /** What files searched so far hold, so that each is hashed once; empty where it could not be read. */
    private final Map<Path, Optional<String>> searched = new HashMap<>();

    /**
     * Makes a finder.
     *
     * @param guestFolder where the shipped guest is
     * @param cache where images are kept that recordings were made with
     */
    public GuestImages(Optional<Path> guestFolder, ImageCache cache) {
        this(guestFolder, cache, false);
    }

    private GuestImages(Optional<Path> guestFolder, ImageCache cache, boolean anew) {
        this.guestFolder = guestFolder;
        this.cache = cache;
        this.identities = new Identities(guestFolder, cache, anew);
    }

    /**
     * Makes a finder of the shipped guest and the user's cache.
     *
     * @return a finder
     */
    public static GuestImages ofUser() {
        return ofUser(HashListener.NONE);
    }

    /**
     * Makes a finder of the shipped guest and the user's cache.
     *
     * @param listener is told of the hashing of large images
     * @return a finder
     */
    public static GuestImages ofUser(HashListener listener) {
        return new GuestImages(ProjectHome.guestFolder(), ImageCache.ofUser(listener));
    }

    /**
     * Checks folders that somebody has named to be searched for images, whether they will have to be searched or not.
     *
     * @param folders where to look besides
     * @throws SemblanceException if one is not there
     */
    public static void checkFolders(List<Path> folders) {
        folders.forEach(ImageFolders::check);
    }

    /** {@return a finder of the same images that believes nothing that was found of them before, and reads every byte of each} */
    public GuestImages verifying() {
        return new GuestImages(guestFolder, cache.verifying(), true);
    }

    /** {@return the cache that {@code record} fills} */
    public ImageCache cache() {
        return cache;
    }

    /**
     * Reads the images of a guest. Without a kernel, the shipped one for the machine is taken, and with it the shipped initrd, unless
     * an initrd or a disk is named.
     *
     * @param settings which images are wanted
     * @return the images
     * @throws SemblanceException if an image is missing, unreadable, or not what it should be
     */
    public LoadedGuest load(GuestSettings settings) {
        ShippedGuest shipped = ShippedGuest.of(settings.machine());
        boolean shippedInitrd = settings.kernel().isEmpty() && settings.disk().isEmpty();
        Optional<ImageSource> initrd =
                settings.initrd().or(() -> shippedInitrd ? Optional.of(shipped.initrd()) : Optional.empty());
        return new LoadedGuest(
                kernel(settings.kernel().orElse(shipped.kernel()), settings.machine()),
                initrd.flatMap(source -> load(source, ImageKind.INITRD)),
                settings.disk().flatMap(source -> load(source, ImageKind.DISK)),
                settings.dtb().flatMap(source -> load(source, ImageKind.DTB)));
    }

    private GuestImage kernel(ImageSource source, MachineSettings machine) {
        GuestImage kernel = load(source, ImageKind.KERNEL)
                .orElseThrow(() -> new UnusableInputException("a guest needs a kernel; \"none\" is not one"));
        byte[] head = kernel.head();
        KernelImage.flaw(head, machine.profileFor(Optional.of(head))).ifPresent(flaw -> {
            throw new IncompatibleException("the kernel " + source + " " + flaw);
        });
        return kernel;
    }

    /**
     * {@return the files that images come from, as far as they are named}
     *
     * @param settings which images are wanted
     */
    public List<Path> files(GuestSettings settings) {
        return Stream.of(settings.kernel(), settings.initrd(), settings.disk(), settings.dtb())
                .flatMap(Optional::stream)
                .flatMap(source -> switch (source) {
                    case ImageSource.None unused -> Stream.empty();
                    case ImageSource.File file -> Stream.of(file.path());
                    case ImageSource.Shipped shipped ->
                        guestFolder.stream()
                                .flatMap(folder -> Stream.of(
                                        folder.resolve(shipped.name() + XzFile.SUFFIX),
                                        folder.resolve(shipped.name())));
                })
                .toList();
    }

    /**
     * Reads and checks one image; empty for {@link ImageSource.None}.
     *
     * @param source where it is
     * @param kind what it is for
     * @return the images
     */
    public Optional<GuestImage> load(ImageSource source, ImageKind kind) {
        return switch (source) {
            case ImageSource.None unused -> Optional.empty();
            case ImageSource.File file ->
                Optional.of(loadFile(file.path(), file.path().toString(), kind));
            case ImageSource.Shipped shipped -> Optional.of(loadFile(shippedFile(shipped), shipped.toString(), kind));
        };
    }

    /**
     * {@return the files of symbols that ship for the shipped ones among some images: of their kernel, and of their programs} One that
     * cannot be read is left out.
     *
     * @param sha256s of the images that a guest was booted from, in lower-case hexadecimal
     */
    public List<GuestImage> shippedSymbols(Collection<String> sha256s) {
        return guestFolder.stream()
                .flatMap(folder ->
                        ShippedSymbols.of(folder, sha256s).stream().map(name -> folder.resolve(name + XzFile.SUFFIX)))
                .flatMap(file -> readQuietly(file).stream())
                .toList();
    }

    private GuestImage loadFile(Path file, String shown, ImageKind kind) {
        String what = "the " + kind.word() + " " + shown;
        if (!Files.exists(file)) {
            throw new UnusableInputException(what + " does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnusableInputException(what + " is not a file");
        }
        GuestImage image;
        try {
            image = read(file);
        } catch (IOException e) {
            throw UnusableInputException.unreadable(what, e);
        }
        if (image.size() == 0) {
            throw new UnusableInputException(what + " is empty");
        }
        kind.flaw(image).ifPresent(flaw -> {
            throw new IncompatibleException(what + " " + flaw);
        });
        return image;
    }

    private GuestImage read(Path file) throws IOException {
        if (XzFile.isPacked(file)) {
            return new XzFile(file).open(identities);
        }
        String name = XzFile.plainName(file);
        return GuestImage.isMapped(file)
                ? GuestImage.ofCheckedFile(name, file, identities.of(file, PlainContent.map(file)))
                : GuestImage.ofFile(name, file, cache.listener());
    }

    private Path shippedFile(ImageSource.Shipped shipped) {
        Path folder = guestFolder.orElseThrow(() -> new UnusableInputException(
                "the guest that ships with the project is not here; start the program as ./semblance from the project's"
                        + " folder, or name a --kernel"));
        if (SHIPPED_NAME.matcher(shipped.name()).matches()) {
            for (String name : List.of(shipped.name() + XzFile.SUFFIX, shipped.name())) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        throw new UnusableInputException(Text.format(
                "no image named %s ships with the project; there are: %s",
                shipped, String.join(", ", shippedNames(folder))));
    }

    private static List<String> shippedNames(Path folder) {
        return packed(folder).stream()
                .map(file -> shipped(folder, file).toString())
                .sorted()
                .toList();
    }

    private static ImageSource.Shipped shipped(Path folder, Path file) {
        Path plain = file.resolveSibling(XzFile.plainName(file));
        return new ImageSource.Shipped(FileNames.divided(folder.relativize(plain)));
    }

    private static List<Path> packed(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(XzFile::isPacked).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /**
     * Finds the image that a trace was made with: in the cache, among the shipped ones, then in the given folders and
     * those below them, where {@code .xz} files are looked into.
     *
     * @param sha256 of the image, in lower-case hexadecimal
     * @param name that it had; files of this name are looked at first
     * @param folders where to look besides
     * @return the image, or empty
     * @throws SemblanceException if one of the folders cannot be read
     */
    public Optional<GuestImage> find(String sha256, String name, List<Path> folders) {
        return cache.find(sha256, name).or(() -> {
            List<Path> candidates = Stream.concat(
                            guestFolder.stream().flatMap(folder -> ImageFolders.files(List.of(folder), name).stream()),
                            ImageFolders.files(folders, name).stream())
                    .toList();
            return candidates.stream()
                    .filter(file -> holds(file, sha256))
                    .findFirst()
                    .flatMap(this::readQuietly);
        });
    }

    /**
     * {@return the image that ships, by its name in the shipped guest, that holds something; empty if none does}
     *
     * @param sha256 of the image, in lower-case hexadecimal
     * @param name that it had; only images of this name are looked at
     */
    public Optional<ImageSource.Shipped> shipped(String sha256, String name) {
        return guestFolder.flatMap(folder -> packed(folder).stream()
                .filter(file -> XzFile.plainName(file).equals(name) && holds(file, sha256))
                .map(file -> shipped(folder, file))
                .findFirst());
    }

    /**
     * Finds an image by its name alone, in the given folders and among the shipped ones: to say how it differs.
     *
     * @param name the name of its file
     * @param folders where to look besides
     * @return an image of that name with another content, or empty
     */
    public Optional<GuestImage> namesake(String name, List<Path> folders) {
        return Stream.concat(
                        ImageFolders.files(folders, name).stream(),
                        guestFolder.stream().flatMap(folder -> ImageFolders.files(List.of(folder), name).stream()))
                .filter(file -> XzFile.plainName(file).equals(name))
                .findFirst()
                .flatMap(this::readQuietly);
    }

    private boolean holds(Path file, String sha256) {
        return searched.computeIfAbsent(file, this::hash).filter(sha256::equals).isPresent();
    }

    private Optional<String> hash(Path file) {
        try {
            return Optional.of(
                    XzFile.isPacked(file)
                            ? new XzFile(file).sha256(identities)
                            : read(file).sha256());
        } catch (IOException | SemblanceException e) {
            // Some other file that lies about.
            return Optional.empty();
        }
    }

    private Optional<GuestImage> readQuietly(Path file) {
        try {
            return Optional.of(read(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
