package publish

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/deploysite/deploysite/internal/disk"
)

// errCannotSwap says that the output as a whole cannot be replaced.
var errCannotSwap = errors.New("the output folder cannot be replaced as a whole")

// exchange fills the stage with what stays of the old tree, and exchanges the two.
func exchange(ctx context.Context, s *stage, plan *plan, built *build) (way Way, aside []string, err error) {
	kept, err := s.fill(ctx, plan, built.unchanged)
	if err != nil {
		return "", nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return "", nil, err
	}
	plan.old.close() // Windows does not rename a folder that is open
	way, former, err := swap(s)
	if err != nil {
		return "", nil, err
	}
	s.path = ""
	if aside, err = retire(s.out, former, kept); err != nil {
		return "", aside, fmt.Errorf("the new site is in %s, but %w", s.out.dir, err)
	}
	return way, aside, nil
}

// formerSuffix ends the name of the former output where two folders cannot be exchanged.
const formerSuffix = "-former"

// swap makes the stage the output. former is the folder that was the output.
func swap(s *stage) (way Way, former string, err error) {
	if disk.Exchange(s.path, s.out.dir) == nil {
		return Exchanged, s.path, nil
	}
	former = s.path + formerSuffix
	if err := os.Rename(s.out.dir, former); err != nil {
		return "", "", fmt.Errorf("%w: %w", errCannotSwap, err)
	}
	if err := os.Rename(s.path, s.out.dir); err != nil {
		return "", "", fmt.Errorf("%w: %w", errCannotSwap, errors.Join(err, os.Rename(former, s.out.dir)))
	}
	return Replaced, former, nil
}
