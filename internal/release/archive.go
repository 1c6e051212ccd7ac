package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// archive writes the archive of one system.
func (r release) archive(output, work, target string, shared map[string][]byte) (err error) {
	dir, err := r.build(work, target)
	if err != nil {
		return err
	}
	files := maps.Clone(shared)
	windows := strings.HasPrefix(target, "windows/")
	for _, program := range programs {
		if windows {
			program += ".exe"
		}
		if files["bin/"+program], err = os.ReadFile(filepath.Join(dir, program)); err != nil {
			return err
		}
	}
	name := filepath.Join(output, fmt.Sprintf("deploysite_%s_%s", r.version, strings.ReplaceAll(target, "/", "_")))
	if windows {
		return writeTo(name+".zip", func(w io.Writer) error { return r.zip(w, files) })
	}
	return writeTo(name+".tar.gz", func(w io.Writer) error { return r.tar(w, files) })
}

func writeTo(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// mode is that of a file in an archive: only the commands can be run.
func mode(name string) os.FileMode {
	if strings.HasPrefix(name, "bin/") {
		return 0o755
	}
	return 0o644
}

// tar and zip write the files in order, with the commit's time and no owner, so that
// nothing of this machine is in them.
func (r release) tar(w io.Writer, files map[string][]byte) error {
	packed := gzip.NewWriter(w)
	archive := tar.NewWriter(packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: int64(mode(name)), Size: int64(len(files[name])), ModTime: r.date, Format: tar.FormatUSTAR})
		if err == nil {
			_, err = archive.Write(files[name])
		}
		if err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return packed.Close()
}

func (r release) zip(w io.Writer, files map[string][]byte) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.date}
		header.SetMode(mode(name))
		file, err := archive.CreateHeader(header)
		if err == nil {
			_, err = file.Write(files[name])
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}

// writeChecksums writes the hashes of all files of the release as sha256sum does.
func (r release) writeChecksums(output string) error {
	all, err := os.ReadDir(output)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, file := range all {
		data, err := os.ReadFile(filepath.Join(output, file.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), file.Name())
	}
	return os.WriteFile(filepath.Join(output, "deploysite_"+r.version+"_checksums.txt"), []byte(sums.String()), 0o666)
}
