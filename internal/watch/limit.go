package watch

import (
	"errors"
	"fmt"
	"syscall"
)

// explain says what to do about a folder that cannot be watched.
func explain(folder string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		hint = "; the system's limit of watched folders is reached, sysctl fs.inotify.max_user_watches raises it"
	case errors.Is(err, syscall.EMFILE):
		hint = "; too many files are open, or the limit in sysctl fs.inotify.max_user_instances is reached"
	}
	return fmt.Errorf("%s: %w%s", folder, err, hint)
}
