package publish

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
)

// lock waits until no other build into the same folder is under way. It locks
// the folder around the output, or the output where that cannot be read: then it
// is not exchanged either and keeps its identity.
func lock(ctx context.Context, out output, wait func()) (unlock func(), err error) {
	unlock, err = disk.Lock{
		Folders:  []string{out.parent, out.dir},
		File:     func() (string, error) { return filepath.Join(out.parent, "."+out.name+".deploysite-lock"), nil },
		Patience: 50 * time.Millisecond, // a build takes longer than that
		Waiting:  wait,
	}.Take(ctx)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("cannot lock the output %s: %w", out.dir, err)
	}
	return unlock, err
}
