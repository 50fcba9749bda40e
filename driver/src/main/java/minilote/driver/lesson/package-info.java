/**
 * Lessons: the systems that a course on perceptrons and back-propagation teaches, each computed
 * here and now by the trainer's own code.
 *
 * <p>A lesson is a class, which computes ({@link minilote.driver.lesson.Lesson}), and a text in
 * each language, {@code NAME.LANGUAGE.md} among the resources beside it ({@link
 * minilote.driver.lesson.LessonText}), which says what was computed and shows its figures.
 */
@NullMarked
package minilote.driver.lesson;

import org.jspecify.annotations.NullMarked;
