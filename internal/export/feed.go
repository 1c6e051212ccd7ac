package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/deploysite/deploysite/internal/text"
)

// A Feed is what another program takes in: documents whose form that program has laid
// down. They are made of records that come oldest first.
type Feed struct {
	Name string

	// begin returns what makes the documents of a record, and says why it has none, or
	// fewer. It is called for all records, so it may remember.
	begin func() func(Record) ([]any, Gap)
}

// Feeds are all of them.
var Feeds = []Feed{CDEvents, DevLake}

// A Gap is why a record is left out of a feed, in words that follow "records".
type Gap string

// The gaps. What a record does not say is not made up.
const (
	none           Gap = ""
	noOutcome      Gap = "of unknown outcome"
	wasCancelled   Gap = "with the status cancelled"
	noStart        Gap = "without the hour of the start"
	noEnd          Gap = "without the hour of the end"
	endsEarly      Gap = "with an end before the start"
	noService      Gap = "without a service"
	noEnvironment  Gap = "without an environment"
	oddEnvironment Gap = "with an environment that DevLake has no word for"
	noCommit       Gap = "without a commit among the facts"
	noRepository   Gap = "without the address of a repository"
)

// Gaps lists them in the order in which they are looked for.
var Gaps = []Gap{noOutcome, wasCancelled, noStart, noEnd, endsEarly, noService, noEnvironment, oddEnvironment, noCommit, noRepository}

// A FeedWriter writes the documents of a feed, each on a line.
type FeedWriter struct {
	Left map[Gap]int // how many records are left out, in whole or in part

	out *bufio.Writer
	of  func(Record) ([]any, Gap)
}

// NewFeedWriter begins the output.
func NewFeedWriter(to io.Writer, feed Feed) *FeedWriter {
	return &FeedWriter{Left: map[Gap]int{}, out: bufio.NewWriter(to), of: feed.begin()}
}

// Pass takes note of a record that is not asked for: what others are called may depend
// on it.
func (w *FeedWriter) Pass(r Record) { w.of(r) }

// Write writes the documents of a record.
func (w *FeedWriter) Write(r Record) error {
	documents, gap := w.of(r)
	if gap != none {
		w.Left[gap]++
	}
	for _, document := range documents {
		line, err := json.Marshal(document)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w.out, "%s\n", text.SafeJSON(line)); err != nil {
			return err
		}
	}
	return nil
}

// Flush ends the output.
func (w *FeedWriter) Flush() error { return w.out.Flush() }
