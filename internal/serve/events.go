package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// maxStreams is how many streams are kept open. A browser has six connections to
// a server for all of its tabs; were each held by a stream, no page would load.
// Those beyond get an answer at once and ask again: see retry.
const maxStreams = 4

// What a stream takes.
const (
	retry     = 1 * time.Second  // after which a client asks again
	heartbeat = 20 * time.Second // by which those that are gone are found out
	patience  = 10 * time.Second // with a client that does not read
)

// maxListed is how many problems a page is told of; the site has a page of all.
const maxListed = 100

// state is what an open page is told.
type state struct {
	Page     string     `json:"page"`     // its tag now
	Found    bool       `json:"found"`    // whether there still is such a page
	Failed   []reported `json:"failed"`   // why the site is not newer
	Problems []reported `json:"problems"` // in the records, the first of them
	Total    int        `json:"total"`    // how many those are
}

type reported struct {
	Place    string `json:"place"` // file:line:column
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

func listed(all []problem.Problem) []reported {
	out := []reported{}
	for _, p := range all[:min(len(all), maxListed)] {
		out = append(out, reported{place(p), string(p.Severity), text.Visible(p.Message), text.Visible(p.Hint)})
	}
	return out
}

func place(p problem.Problem) string {
	switch {
	case p.Line == 0:
		return text.Visible(p.File)
	case p.Column == 0:
		return text.Visible(fmt.Sprintf("%s:%d", p.File, p.Line))
	}
	return text.Visible(fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column))
}

// state is what the page at an address is told, and what says that it changed.
func (l *Live) state(address *url.URL) (state, <-chan struct{}) {
	l.mu.Lock()
	changed := l.changed // first of all, so that no change is missed
	st := state{Failed: listed(l.failed), Problems: []reported{}}
	l.mu.Unlock()
	s, release := l.use()
	defer release()
	p := l.answer(s, address)
	st.Page, st.Found = p.tag, p.status == http.StatusOK
	if s != nil {
		st.Problems, st.Total = listed(s.Problems), len(s.Problems)
	}
	return st, changed
}

// events tells an open page what became of it, as server-sent events, for as
// long as it listens.
func (l *Live) events(w http.ResponseWriter, r *http.Request) {
	address, err := url.Parse(r.URL.Query().Get("page"))
	if err != nil {
		http.Error(w, "page is no address", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	stream := &stream{w: w, control: http.NewResponseController(w)}
	_ = stream.control.SetReadDeadline(time.Time{}) // the request was read; what follows is ours
	stays := l.enter()
	if stays {
		defer l.leave()
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		st, changed := l.state(address)
		if !stream.tell(st) || !stays {
			return
		}
		for waiting := true; waiting; {
			select {
			case <-r.Context().Done():
				return
			case <-l.done:
				return
			case <-changed:
				waiting = false
			case <-beat.C:
				if !stream.write(":\n\n") {
					return
				}
			}
		}
	}
}

func (l *Live) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams == maxStreams {
		return false
	}
	l.streams++
	return true
}

func (l *Live) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams--
}

// A stream tells a client what is new.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	last    string
}

// tell sends a state unless it is the one that was sent last.
func (s *stream) tell(st state) bool {
	data, err := json.Marshal(st)
	if err != nil || string(data) == s.last {
		return err == nil
	}
	s.last = string(data)
	return s.write(fmt.Sprintf("retry: %d\ndata: %s\n\n", retry.Milliseconds(), data))
}

// write is false when the client is gone, or does not read.
func (s *stream) write(text string) bool {
	_ = s.control.SetWriteDeadline(time.Now().Add(patience))
	_, err := s.w.Write([]byte(text))
	return err == nil && s.control.Flush() == nil
}
