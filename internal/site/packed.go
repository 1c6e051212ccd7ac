package site

import (
	"bytes"
	"compress/flate"
	"html/template"
	"io"
	"sync"
)

// A packed is a record's HTML between loading and writing. A history's HTML is
// the largest part of it by far, and repeats itself: packed, it takes a fifth.
type packed struct {
	data []byte
	size int // unpacked
}

// Writers and readers of flate are some hundred kilobytes each.
var (
	packers   = sync.Pool{New: func() any { w, _ := flate.NewWriter(io.Discard, flate.BestSpeed); return w }}
	unpackers = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}
)

func pack(h template.HTML) (packed, error) {
	var b bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	if _, err := io.WriteString(w, string(h)); err != nil {
		return packed{}, err
	}
	if err := w.Close(); err != nil {
		return packed{}, err
	}
	return packed{bytes.Clone(b.Bytes()), len(h)}, nil
}

func (p packed) html() (template.HTML, error) {
	if p.size == 0 {
		return "", nil
	}
	r := unpackers.Get().(io.ReadCloser)
	defer unpackers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(p.data), nil); err != nil {
		return "", err
	}
	h := make([]byte, p.size)
	_, err := io.ReadFull(r, h)
	return template.HTML(h), err
}
