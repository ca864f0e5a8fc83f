"""The wing of teaching: lessons, rolls, messages, assessments and calendars, for teachers, families and the desk."""

from typing import Final

from chalicelib.wings.wing import Wing

TEACHING: Final = Wing(
    "teaching",
    modules=(
        *("chalicelib.**.teaching", "chalicelib.**.absence_counts", "chalicelib.**.absences"),
        *("chalicelib.flows.**.calendar", "chalicelib.web.**.calendar", "chalicelib.**.calendars"),
        *("chalicelib.**.course", "chalicelib.**.course_changes", "chalicelib.**.lesson_calendar"),
        *("chalicelib.**.lesson_jobs", "chalicelib.**.lesson_stores", "chalicelib.**.lessons"),
        *("chalicelib.**.messages", "chalicelib.**.pupil_items", "chalicelib.**.rolls", "chalicelib.**.staff_names"),
        *("chalicelib.**.teacher", "chalicelib.**.teachers", "chalicelib.**.teaching_stores"),
        "chalicelib.**.timetables",
    ),
    tables={
        "Lessons": r"(?:absences|assessments|calendar)\t([^\t]+)\t.*",
        "Teaching": r"(?:taught\t|unexcused\t)?([^\t]+)\t.*",
    },
)
