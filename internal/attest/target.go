package attest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/publish"
)

// maxFile is the largest file of a site that is read, in bytes.
const maxFile = 256 << 20

// A target is a published site.
type target interface {
	// read returns a file's bytes, and an error that is fs.ErrNotExist where there is none.
	read(ctx context.Context, name string) ([]byte, error)
	// names lists all files; ok is false where nobody can.
	names() (all []string, ok bool, err error)
}

// openTarget finds a site by its address or its folder.
func openTarget(where string) (target, error) {
	if u, err := url.Parse(where); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		u.RawQuery, u.Fragment = "", ""
		return &address{base: u, client: &http.Client{Timeout: time.Minute}}, nil
	}
	info, err := os.Stat(where)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", where)
	}
	return folder(where), err
}

type folder string

func (f folder) read(_ context.Context, name string) ([]byte, error) {
	return disk.Read(os.DirFS(string(f)), name, maxFile)
}

// names leaves out what publishing keeps for itself.
func (f folder) names() (all []string, ok bool, err error) {
	err = filepath.WalkDir(string(f), func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(string(f), path)
		switch name = filepath.ToSlash(name); {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == ".git":
			return fs.SkipDir
		case !e.IsDir() && name != publish.ManifestName:
			all = append(all, name)
		}
		return nil
	})
	return all, true, err
}

type address struct {
	base   *url.URL
	client *http.Client
}

func (a *address) read(ctx context.Context, name string) ([]byte, error) {
	at := a.base.JoinPath(strings.Split(name, "/")...)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return nil, fs.ErrNotExist
	default:
		return nil, fmt.Errorf("%s answers %s", at.Redacted(), answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errors.New("the file is too large")
	}
	return data, err
}

func (a *address) names() ([]string, bool, error) { return nil, false, nil }

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }
