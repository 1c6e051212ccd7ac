package attest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
)

// maxFile is the largest file of a site that is read, in bytes; maxAttestation that of
// its attestation, which is kept whole: 100,000 records need 30 MB.
const (
	maxFile        = 256 << 20
	maxAttestation = 64 << 20
)

// A target is a published site.
type target interface {
	// read returns a file's bytes, and an error that is fs.ErrNotExist where there is none.
	read(ctx context.Context, name string, limit int64) ([]byte, error)
	// hash is the SHA-256 of a file.
	hash(ctx context.Context, name string) (string, error)
	// names lists all files; ok is false where nobody can.
	names() (all []string, ok bool, err error)
}

// openTarget finds a site by its address or its folder.
func openTarget(where string) (target, error) {
	if u, err := url.Parse(where); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		u.RawQuery, u.Fragment = "", ""
		return &address{base: u, client: &http.Client{Timeout: time.Minute, CheckRedirect: sameHost}}, nil
	}
	if scheme, _, isAddress := strings.Cut(where, "://"); isAddress {
		return nil, fmt.Errorf("a site is read over http or https, not over %s; give such an address, or a folder", scheme)
	}
	info, err := os.Stat(where)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no folder %s; give the site's folder, or its address with https://", where)
	} else if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", where)
	}
	return folder(where), err
}

type folder string

func (f folder) read(_ context.Context, name string, limit int64) ([]byte, error) {
	data, err := disk.Read(os.DirFS(string(f)), name, limit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s cannot be read: %w", filepath.Join(string(f), filepath.FromSlash(name)), err)
	}
	return data, err
}

func (f folder) hash(ctx context.Context, name string) (string, error) {
	data, err := f.read(ctx, name, maxFile)
	return sum(data), err
}

func (f folder) names() (all []string, ok bool, err error) {
	err = filepath.WalkDir(string(f), func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(string(f), path)
		switch name = filepath.ToSlash(name); {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == ".git":
			return fs.SkipDir
		case !e.IsDir():
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

// sameHost follows what keeps to the host, and to https. What another site has would be
// compared in place of this one.
func sameHost(next *http.Request, before []*http.Request) error {
	first := before[0].URL
	if next.URL.Hostname() != first.Hostname() || first.Scheme == "https" && next.URL.Scheme != "https" {
		return fmt.Errorf("it leads to %s; if that is the site, verify that address", next.URL.Redacted())
	}
	if len(before) >= 10 {
		return errors.New("it leads on and on")
	}
	return nil
}

func (a *address) read(ctx context.Context, name string, limit int64) ([]byte, error) {
	var data bytes.Buffer
	err := a.get(ctx, name, limit, &data)
	return data.Bytes(), err
}

func (a *address) hash(ctx context.Context, name string) (string, error) {
	hash := sha256.New()
	err := a.get(ctx, name, maxFile, hash)
	return fmt.Sprintf("%x", hash.Sum(nil)), err
}

// get writes a file of the site to w, of at most limit bytes.
func (a *address) get(ctx context.Context, name string, limit int64, w io.Writer) error {
	at := a.base.JoinPath(strings.Split(name, "/")...)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	answer, err := a.client.Do(request)
	if err != nil {
		return unreachable(at, err)
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return fs.ErrNotExist
	default:
		return fmt.Errorf("%s answers %s", at.Redacted(), answer.Status)
	}
	switch n, err := io.Copy(w, io.LimitReader(answer.Body, limit+1)); {
	case err != nil:
		return fmt.Errorf("%s cannot be read: %w", at.Redacted(), err)
	case n > limit:
		return fmt.Errorf("%s is larger than %d MiB", at.Redacted(), limit>>20)
	}
	return nil
}

// unreachable says why nothing answers at an address.
func unreachable(at *url.URL, err error) error {
	if name := (*net.DNSError)(nil); errors.As(err, &name) {
		return fmt.Errorf("no host %s is found: %s; look at the address, and whether this machine has a network", at.Hostname(), name.Err)
	}
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err // the address is said once
	}
	return fmt.Errorf("%s cannot be read: %w", at.Redacted(), err)
}

func (a *address) names() ([]string, bool, error) { return nil, false, nil }

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }
