"""Assignments: who works on which article, handed out evenly or taken one by one."""
