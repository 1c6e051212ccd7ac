package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"mime"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
)

// server shows a folder on loopback, as a host for static sites does: gzipped
// where that is shorter, and to be kept by the browser. It counts every byte
// that goes out, headers included, at the socket. Chromium's own count leaves
// out the script of a worker.
type server struct {
	http.Server
	url  string
	dir  string
	sent atomic.Int64

	mu     sync.Mutex
	packed map[string][]byte // path → gzipped file, or nil where that is not shorter
}

func serve(dir string) (*server, error) {
	s := &server{dir: dir, packed: map[string][]byte{}}
	s.Handler = http.HandlerFunc(s.file)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.url = "http://" + listener.Addr().String() + "/"
	go s.Serve(countingListener{listener, &s.sent})
	return s, nil
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	name := path.Clean("/" + r.URL.Path)
	content, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream"))
	header.Set("Cache-Control", "max-age=3600")
	if packed := s.pack(name, content); packed != nil {
		header.Set("Content-Encoding", "gzip")
		content = packed
	}
	header.Set("Content-Length", strconv.Itoa(len(content)))
	w.Write(content) // a reader who went away is no error of ours
}

// pack compresses each file once, so that no time of ours is measured as the
// browser's.
func (s *server) pack(name string, content []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	packed, ok := s.packed[name]
	if !ok {
		if packed = gzipped(content); len(packed) >= len(content) {
			packed = nil
		}
		s.packed[name] = packed
	}
	return packed
}

func gzipped(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(content) // a Buffer takes everything
	w.Close()
	return b.Bytes()
}

type countingListener struct {
	net.Listener
	sent *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return countingConn{c, l.sent}, err
}

type countingConn struct {
	net.Conn
	sent *atomic.Int64
}

func (c countingConn) Write(b []byte) (int, error) {
	c.sent.Add(int64(len(b))) // before it goes: the reader may ask for the sum at once
	return c.Conn.Write(b)
}
