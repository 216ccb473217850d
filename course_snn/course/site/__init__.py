"""The course as a web site: static, in both languages, read from the stored notebooks (`course-snn site FOLDER`)."""
