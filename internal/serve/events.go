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

// maxStreams is how many event streams stay open. A browser opens at most six
// connections to a server for all of its tabs. If streams held all six, no page
// would load. A stream beyond the limit ends after one event, and its client asks
// again after retry.
const maxStreams = 4

const (
	retry     = 1 * time.Second  // after this a client whose stream ended asks again
	heartbeat = 20 * time.Second // this often something is written, to notice that a client is gone
	patience  = 10 * time.Second // a client that does not read for so long is cut off
)

// maxListed is how many problems an event lists. The site has a page of all.
const maxListed = 100

// state is the data of an event.
type state struct {
	Page     string     `json:"page"`     // the page's tag
	Found    bool       `json:"found"`    // whether the page still exists
	Failed   []reported `json:"failed"`   // why the last build failed
	Problems []reported `json:"problems"` // in the records, at most maxListed
	Total    int        `json:"total"`    // how many problems the records have
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
		out = append(out, reported{text.Visible(p.Place()), string(p.Severity), text.Visible(p.Message), text.Visible(p.Hint)})
	}
	return out
}

// state is the state of the page at an address. changed is closed at the next change.
func (l *Live) state(address *url.URL) (st state, changed <-chan struct{}) {
	l.mu.Lock()
	changed = l.changed // first of all, so that no change is missed
	st = state{Failed: listed(l.failed), Problems: []reported{}}
	l.mu.Unlock()
	s := l.use()
	defer s.release()
	p := l.answer(s, address)
	st.Page, st.Found = p.tag, p.status == http.StatusOK
	if s != nil {
		st.Problems, st.Total = listed(s.Problems), len(s.Problems)
	}
	return st, changed
}

// events sends an open page its state, now and after each change, as server-sent
// events.
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
	stays := true
	select {
	case l.streams <- struct{}{}:
		defer func() { <-l.streams }()
	default:
		stays = false
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		st, changed := l.state(address)
		if !stream.tell(st) || !stays {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-l.closed.Done():
			return
		case <-changed:
		case <-beat.C:
			if !stream.write(":\n\n") {
				return
			}
		}
	}
}

// A stream sends events to one client.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	last    string
}

// tell sends a state, unless it was the last one sent. It is false when the client
// is gone.
func (s *stream) tell(st state) bool {
	data, err := json.Marshal(st)
	if err != nil || string(data) == s.last {
		return err == nil
	}
	s.last = string(data)
	return s.write(fmt.Sprintf("retry: %d\ndata: %s\n\n", retry.Milliseconds(), data))
}

// write is false when the client is gone or does not read.
func (s *stream) write(text string) bool {
	_ = s.control.SetWriteDeadline(time.Now().Add(patience))
	_, err := s.w.Write([]byte(text))
	return err == nil && s.control.Flush() == nil
}
