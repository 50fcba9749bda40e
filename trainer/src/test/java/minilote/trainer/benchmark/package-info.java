/** Speed, measured with JMH; nothing here is run by the tests. */
package minilote.trainer.benchmark;
