package main

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// writing is held back while a move takes the data away; by itself it goes on
// after a while, so that a mover that is no more holds nothing.
type writing struct {
	mutex sync.Mutex
	until time.Time
}

func (w *writing) hold(d time.Duration) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.until = time.Now().Add(d)
}

func (w *writing) held() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return time.Now().Before(w.until)
}

// askToHold is what `stand-in hold SECONDS` does beside the server; 0 lets go.
func askToHold(s settings, seconds string) error {
	request, err := http.NewRequest(http.MethodPut, "http://127.0.0.1:"+s.http+holdPath+seconds, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the stand-in answers %s", answer.Status)
	}
	return nil
}

// printArchive writes everything below the directory as a tar.
func printArchive(directory string, out io.Writer) error {
	archive := tar.NewWriter(out)
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == directory {
			return err
		}
		return addEntry(archive, directory, path, entry)
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

func addEntry(archive *tar.Writer, directory, path string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	target := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		if target, err = os.Readlink(path); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	if header.Name, err = filepath.Rel(directory, path); err != nil {
		return err
	}
	if info.IsDir() {
		header.Name += "/"
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		header.Uid, header.Gid = int(stat.Uid), int(stat.Gid)
	}
	header.Uname, header.Gname = "", ""
	// The only format that has more of a time than its seconds.
	header.Format = tar.FormatPAX
	if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(archive, file)
	return err
}
