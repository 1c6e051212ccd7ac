package git

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
)

// Verify tells of signed commits what git makes of the signature, each by git's letter
// for it: "G" good, "U" good by a key that nobody vouched for, "B" bad, "X" and "Y"
// expired, "R" revoked. Of those that cannot be checked here it tells nothing. It runs a
// program for each commit.
func (r *Repo) Verify(ctx context.Context, hashes []string) (map[string]string, error) {
	letters := map[string]string{}
	if len(hashes) == 0 {
		return letters, nil
	}
	out, err := r.outputOf(ctx, strings.NewReader(strings.Join(hashes, "\n")+"\n"), "log", "--no-walk=unsorted", "--stdin", "--format=%H %G?")
	for line := range strings.Lines(out) {
		hash, letter, _ := strings.Cut(strings.TrimSpace(line), " ")
		if letter != "E" && letter != "N" { // "N" is also an SSH signature without a list of signers
			letters[hash] = letter
		}
	}
	return letters, err
}

// ObjectReader reads what the repository holds: commits, and files as they were.
type ObjectReader struct{ batch *batch }

// ReadObjects begins to read. Close must be called.
func (r *Repo) ReadObjects(ctx context.Context) (*ObjectReader, error) {
	b, err := r.startBatch(ctx)
	return &ObjectReader{b}, err
}

// Close ends the reading.
func (o *ObjectReader) Close() error { return o.batch.close() }

// Read returns the content of an object by its name: a hash, or a hash, a colon and a
// path from the top. It is nil where there is none. No name may have a line break.
func (o *ObjectReader) Read(name string) ([]byte, error) {
	content, err := o.batch.read(name)
	if err != nil && strings.HasSuffix(err.Error(), " missing") {
		return nil, nil
	}
	return content, err
}

// IsSigned reports whether a commit has a signature, of whatever kind.
func (o *ObjectReader) IsSigned(commit string) (bool, error) {
	object, err := o.Read(commit)
	head, _, _ := bytes.Cut(object, []byte("\n\n"))
	return bytes.Contains(head, []byte("\ngpgsig")), err
}

// Diff returns the lines of a file that differ between two commits, as git shows them,
// without its head.
func (r *Repo) Diff(ctx context.Context, from, to Commit) (string, error) {
	blob := func(c Commit) string { return c.Hash + ":" + path.Join(r.Below(), c.File) }
	out, err := r.output(ctx, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--unified=0", blob(from), blob(to), "--")
	if err != nil {
		return "", fmt.Errorf("cannot compare %s with %s: %w", from.Hash, to.Hash, err)
	}
	_, lines, _ := strings.Cut(out, "\n@@")
	if lines == "" {
		return "", nil
	}
	return "@@" + lines, nil
}
